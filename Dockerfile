# Zeren as one image: which part of it runs is the command's choice.

FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/zeren && pip install --no-cache-dir "uv>=0.13,<0.14"
COPY pyproject.toml uv.lock ./
RUN uv export --quiet --frozen --no-dev --no-emit-project --output-file requirements.txt \
    && /opt/zeren/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY README.md LICENSE ./
COPY events events
COPY commands commands
COPY aggregates aggregates
COPY projections projections
COPY services services
RUN /opt/zeren/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home zeren
COPY --from=build /opt/zeren /opt/zeren
ENV PATH="/opt/zeren/bin:$PATH" PYTHONUNBUFFERED=1
USER 10001
WORKDIR /home/zeren
EXPOSE 8000
CMD ["zeren", "serve"]
