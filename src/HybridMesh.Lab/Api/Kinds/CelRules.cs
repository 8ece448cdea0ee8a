using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>
/// The rules Istio's schemas write in CEL, each with its meaning in C#. A test holds this table against the schemas.
/// </summary>
internal static partial class CelRules
{
    private static readonly Dictionary<string, Func<JsonNode?, bool>> Known = new()
    {
    };

    public static bool IsKnown(string rule) => Known.ContainsKey(rule);

    public static bool Holds(string rule, JsonNode? self) =>
        !Known.TryGetValue(rule, out Func<JsonNode?, bool>? holds) || holds(self);

    private static string Text(JsonNode? node) => node?.ToString() ?? "";

    private static long Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out long number) ? number : 0;

    private static bool Has(JsonNode? self, string field) => self is JsonObject map && map[field] is not null;

    private static string? Field(JsonNode? self, string field) => (self as JsonObject)?[field]?.ToString();

    private static IEnumerable<JsonNode?> List(JsonNode? self, string field) =>
        (self as JsonObject)?[field] as JsonArray ?? [];

    private static IEnumerable<string> Keys(JsonNode? self) => (self as JsonObject ?? []).Select(pair => pair.Key);

    private static bool IsSocket(string? address) => address?.StartsWith("unix://", StringComparison.Ordinal) == true;

    private static bool AtLeastMillisecond(string duration)
    {
        MatchCollection parts = DurationPart().Matches(duration);
        double milliseconds = parts.Sum(part =>
            double.Parse(part.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
            * part.Groups[2].Value switch
            {
                "h" => 3_600_000,
                "m" => 60_000,
                "s" => 1000,
                "ms" => 1,
                "us" or "µs" => 0.001,
                _ => 0.000001,
            });
        return Duration().IsMatch(duration) && milliseconds >= 1;
    }

    [GeneratedRegex(@"([0-9.]+)(h|ms|m|s|us|µs|ns)")]
    private static partial Regex DurationPart();

    [GeneratedRegex(@"\A([0-9]+(\.[0-9]*)?(h|ms|m|s|us|µs|ns))+\z")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\A[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?\z")]
    private static partial Regex PortName();
}
