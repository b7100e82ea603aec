// How hey-api makes its client: for the modules of node, which say the whole name of a file.
export default {
  input: "openapi.json",
  output: { module: { extension: ".js" }, path: "hey" },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};
