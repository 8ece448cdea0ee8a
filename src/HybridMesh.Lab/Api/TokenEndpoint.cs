using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Answers TokenRequests, the subresource <c>token</c> of ServiceAccounts.</summary>
internal sealed class TokenEndpoint(ObjectStore store, ApiServerOptions options)
{
    private const string OwnAudience = "https://kubernetes.default.svc.cluster.local";
    private const long Shortest = 600;
    private const long Longest = 1L << 32;

    public async Task CreateAsync(ApiCall call)
    {
        JsonObject body = await BodyReader.ReadObjectAsync(call.Http);
        JsonObject account = store.Find("ServiceAccount", call.Namespace, call.Name!)
            ?? throw ApiException.NotFound(ResourceTypes.ServiceAccount, call.Name!);
        JsonObject spec = body["spec"]?.DeepClone() as JsonObject ?? [];
        long seconds = Seconds(spec["expirationSeconds"]);
        JsonArray audiences = spec["audiences"] is JsonArray { Count: > 0 } asked ? asked : [OwnAudience];
        spec["audiences"] = audiences.DeepClone();
        spec["expirationSeconds"] = seconds;
        spec["boundObjectRef"] = spec["boundObjectRef"]?.DeepClone();
        DateTimeOffset now = options.Clock.GetUtcNow();
        TimeSpan life = TimeSpan.FromSeconds(seconds);
        await call.Http.WriteJsonAsync(201, new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = call.Name,
                ["namespace"] = call.Namespace,
                ["creationTimestamp"] = FieldOwner.Timestamp(options.Clock),
            },
            ["spec"] = spec,
            ["status"] = new JsonObject
            {
                ["token"] = options.Signer.Sign(account, audiences, now, life),
                ["expirationTimestamp"] =
                    (now + life).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            },
        });
    }

    private static long Seconds(JsonNode? given)
    {
        long seconds = given is null ? 3600 : long.Parse(given.ToString(), CultureInfo.InvariantCulture);
        string? wrong = seconds < Shortest ? "may not specify a duration less than 10 minutes"
            : seconds > Longest ? "may not specify a duration larger than 2^32 seconds" : null;
        return wrong is null ? seconds : throw ApiException.Invalid(
            "authentication.k8s.io", "TokenRequest", "",
            [FieldError.Invalid("spec.expirationSeconds", given!.DeepClone(), wrong)]);
    }
}
