import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import zeren.ApiClient;
import zeren.ApiException;
import zeren.ApiResponse;
import zeren.api.BulkApi;
import zeren.api.CommitmentsApi;
import zeren.api.CustomersApi;
import zeren.api.EventsApi;
import zeren.api.PeopleApi;
import zeren.api.PoliciesApi;
import zeren.api.ResponsibilityApi;
import zeren.model.AssignResponsibility;
import zeren.model.AssignTier;
import zeren.model.BulkAnswer;
import zeren.model.BulkCommand;
import zeren.model.Commitment;
import zeren.model.CommitmentPage;
import zeren.model.CustomerAnswer;
import zeren.model.MakeCommitment;
import zeren.model.Problem;
import zeren.model.Receipt;
import zeren.model.RegisterCustomer;
import zeren.model.RegisterPerson;
import zeren.model.WhoAnswer;

/** What a program with a generated client does, from the first person to the second page; prints what it saw. */
public final class Walk {
  private Walk() {}

  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    client.setRequestInterceptor(request -> request.header("Authorization", "Dev system"));
    CustomersApi customers = new CustomersApi(client);
    CommitmentsApi commitments = new CommitmentsApi(client);
    OffsetDateTime since = OffsetDateTime.parse("2025-03-01T09:00:00+08:00");
    UUID person = UUID.randomUUID();
    UUID customer = UUID.randomUUID();
    Map<String, Object> saw = new LinkedHashMap<>();

    saw.put("rules", new PoliciesApi(client).policyOne("company", null, null, null, null, null, null, null).getStream());
    new PeopleApi(client).personRegisterPerson(person, new RegisterPerson().name("林静"), null, null, null, null);
    customers.customerRegisterCustomer(customer, new RegisterCustomer().name("华东电力集团"), null, null, null, null);

    AssignTier tier = new AssignTier().tier(AssignTier.TierEnum.VIP).since(since);
    Receipt first = customers.customerAssignTier(customer, tier, customer.toString(), null, null, null);
    Receipt again = customers.customerAssignTier(customer, tier, customer.toString(), null, null, null);
    saw.put("same", first.equals(again));

    ApiResponse<CustomerAnswer> read =
        customers.customerOneWithHttpInfo(customer, null, null, null, first.getPosition(), null, null, null);
    String tag = read.getHeaders().get("etag").get(0);
    saw.put("version", read.getData().getVersion());
    saw.put("unchanged", status(() -> customers.customerOne(customer, null, null, null, null, null, null, tag)));

    AssignResponsibility manager =
        new AssignResponsibility()
            .assignmentId(UUID.randomUUID())
            .role("account_manager")
            .person(person)
            .involvement(AssignResponsibility.InvolvementEnum.ACCOUNTABLE)
            .since(since);
    ApiResponse<Receipt> assigned =
        customers.customerAssignResponsibilityWithHttpInfo(customer, manager, null, tag, null, null);
    saw.put("assigned", assigned.getStatusCode());
    try {
      customers.customerAssignTier(customer, tier, null, tag, null, null);
    } catch (ApiException refused) {
      Problem late = client.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
      saw.put("late", List.of(late.getStatus(), late.getCode(), late.getVersion()));
    }
    WhoAnswer who =
        new ResponsibilityApi(client)
            .whoWasResponsible(
                "customer:" + customer,
                "account_manager",
                null,
                null,
                null,
                assigned.getData().getPosition(),
                null);
    saw.put("held", who.getHolders().get(0).getPerson().equals(person));

    long position = 0;
    for (int count = 0; count < 2; count++) {
      MakeCommitment promise =
          new MakeCommitment()
              .commitmentId(UUID.randomUUID())
              .text("两周内交付备件")
              .dueAt(OffsetDateTime.parse("2199-01-01T00:00:00+08:00"))
              .by(MakeCommitment.ByEnum.US);
      position = customers.customerMakeCommitment(customer, promise, null, null, null, null).getPosition();
    }
    CommitmentPage page = page(commitments, customer, position, null);
    CommitmentPage after = page(commitments, customer, null, page.getNext().split("cursor=")[1]);
    HashSet<UUID> promised = new HashSet<>();
    for (Commitment one : page.getItems()) promised.add(one.getCommitmentId());
    for (Commitment one : after.getItems()) promised.add(one.getCommitmentId());
    saw.put("promises", promised.size());
    saw.put("last", after.getNext() == null);

    List<BulkCommand> lines = new ArrayList<>();
    for (String name : List.of("华东水务", " ")) {
      lines.add(
          new BulkCommand()
              .stream("customer:" + UUID.randomUUID())
              .command(BulkCommand.CommandEnum.REGISTER_CUSTOMER)
              .body(Map.of("name", name)));
    }
    List<BulkAnswer> answers = new BulkApi(client).bulk(lines, null);
    saw.put("bulk", answers.stream().map(BulkAnswer::getStatus).toList());
    saw.put("wrong", answers.get(1).getProblem().getErrors().get(0).getCode());
    saw.put("events", new EventsApi(client).eventList(0L, null, 1000, null).getEvents().size());
    JsonNode told = client.getObjectMapper().valueToTree(saw);
    System.out.println(told);
  }

  private static CommitmentPage page(CommitmentsApi commitments, UUID customer, Long atLeast, String cursor)
      throws ApiException {
    return commitments.commitmentList(
        customer, null, null, null, null, null, null, null, null, null, null, null, atLeast, cursor, 1, null);
  }

  private interface Call {
    void give() throws ApiException;
  }

  private static int status(Call call) {
    try {
      call.give();
      return 200;
    } catch (ApiException refused) {
      return refused.getCode();
    }
  }
}
