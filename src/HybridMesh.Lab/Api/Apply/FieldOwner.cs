using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>One entry of managedFields.</summary>
internal sealed record FieldOwner(
    string Manager, string Operation, string ApiVersion, string Subresource, FieldSet Fields)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public string? Time { get; init; }

    /// <summary>An applier stays itself whatever version it applies; an updater is another one per version.</summary>
    public (string, string, string, string) Identity =>
        (Manager, Operation, Operation == Apply ? "" : ApiVersion, Subresource);

    /// <summary>How conflicts name the owner.</summary>
    public override string ToString()
    {
        string subresource = Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "";
        string version = Operation == Update ? $" using {ApiVersion}" : "";
        return $"\"{Manager}\"{subresource}{version}";
    }

    public static List<FieldOwner> Read(JsonObject? item)
    {
        List<FieldOwner> result = [];
        foreach (JsonNode? entry in item?["metadata"]?["managedFields"] as JsonArray ?? [])
        {
            if (entry is JsonObject json && (string?)json["operation"] is { } operation)
            {
                result.Add(new FieldOwner(
                    (string?)json["manager"] ?? "", operation, (string?)json["apiVersion"] ?? "",
                    (string?)json["subresource"] ?? "", FieldSet.FromJson(json["fieldsV1"] as JsonObject))
                {
                    Time = (string?)json["time"],
                });
            }
        }

        return result;
    }

    public static JsonArray Write(IEnumerable<FieldOwner> owners) =>
        [.. owners
            .OrderBy(owner => owner.Operation, StringComparer.Ordinal)
            .ThenBy(owner => owner.Time, StringComparer.Ordinal)
            .ThenBy(owner => owner.Manager, StringComparer.Ordinal)
            .ThenBy(owner => owner.ApiVersion, StringComparer.Ordinal)
            .ThenBy(owner => owner.Subresource, StringComparer.Ordinal)
            .Select(owner => owner.ToJson())];

    public static string Timestamp(TimeProvider clock) =>
        clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private JsonObject ToJson()
    {
        JsonObject json = new()
        {
            ["apiVersion"] = ApiVersion,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields.ToJson(),
            ["manager"] = Manager,
            ["operation"] = Operation,
        };
        if (Subresource.Length > 0)
        {
            json["subresource"] = Subresource;
        }

        if (Time is not null)
        {
            json["time"] = Time;
        }

        return json;
    }
}
