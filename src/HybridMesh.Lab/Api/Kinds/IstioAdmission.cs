using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Istio's validating webhook, as far as its rules are not in the schema.</summary>
internal static class IstioAdmission
{
    public static void CheckVirtualService(JsonObject item)
    {
        foreach (string protocol in (string[])["http", "tcp", "tls"])
        {
            foreach (JsonNode? route in item["spec"]?[protocol] as JsonArray ?? [])
            {
                CheckWeights(route?["route"] as JsonArray ?? []);
            }
        }
    }

    private static void CheckWeights(JsonArray destinations)
    {
        long total = 0;
        foreach (JsonNode? destination in destinations)
        {
            long weight = (long?)destination?["weight"] ?? 0;
            if (weight < 0)
            {
                throw Denied($"weight {weight} < 0");
            }

            total += weight;
        }

        if (total == 0 && destinations.Count > 1)
        {
            throw Denied("total destination weight = 0");
        }
    }

    private static ApiException Denied(string because) => ApiException.BadRequest(
        $"admission webhook \"rev.validation.istio.io\" denied the request: configuration is invalid: {because}");
}
