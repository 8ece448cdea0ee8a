using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>A field selector: <c>metadata.name=x,status.phase!=Running</c>.</summary>
internal sealed class FieldSelector(IReadOnlyList<(string Field, bool Equal, string Value)> terms)
{
    private static readonly string[] Common = ["metadata.name", "metadata.namespace"];

    private static readonly Dictionary<string, string[]> OfKind = new()
    {
        ["Pod"] = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName"],
        ["Namespace"] = ["status.phase", "name"],
        ["Secret"] = ["type"],
        ["Service"] = ["spec.clusterIP", "spec.type"],
    };

    public static FieldSelector Parse(string text, ResourceType type)
    {
        List<(string, bool, string)> terms = [];
        foreach (string term in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int at = term.IndexOf("!=", StringComparison.Ordinal);
            bool equal = at < 0;
            at = equal ? term.IndexOf('=', StringComparison.Ordinal) : at;
            if (at < 0)
            {
                throw ApiException.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
            }

            int valueAt = term.AsSpan(at).StartsWith("==") || !equal ? at + 2 : at + 1;
            string field = term[..at];
            if (!Common.Contains(field)
                && !(OfKind.TryGetValue(type.Kind, out string[]? known) && known.Contains(field)))
            {
                throw ApiException.BadRequest(type.IsCustom
                    ? $"field label not supported: {field}"
                    : $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
            }

            terms.Add((field == "name" ? "metadata.name" : field, equal, term[valueAt..]));
        }

        return new FieldSelector(terms);
    }

    public bool Matches(JsonObject item) => terms.All(term => (Read(item, term.Field) == term.Value) == term.Equal);

    private static string Read(JsonObject item, string field)
    {
        JsonNode? value = item;
        foreach (string part in field.Split('.'))
        {
            value = (value as JsonObject)?[part];
        }

        return value?.ToString() ?? "";
    }
}
