using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Yaml;

/// <summary>
/// Writes JSON as YAML, byte for byte as Kubernetes' own tools do (sigs.k8s.io/yaml): two spaces a level, lists at
/// their key's own level, keys in natural order.
/// </summary>
internal sealed class YamlWriter
{
    private const int Step = 2;

    private readonly StringBuilder _text = new();

    public static string Write(JsonNode? value)
    {
        YamlWriter writer = new();
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                writer.Map(map, 0, isFirstInLine: true);
                break;
            case JsonArray { Count: > 0 } list:
                writer.List(list, 0, isFirstInLine: true);
                break;
            default:
                writer.Scalar(value, 0);
                break;
        }

        return writer._text.ToString();
    }

    private void Map(JsonObject map, int indent, bool isFirstInLine)
    {
        foreach ((string key, JsonNode? value) in map.OrderBy(pair => pair.Key, NaturalOrder.Instance))
        {
            Indent(indent, isFirstInLine);
            isFirstInLine = false;
            _text.Append(YamlText.Key(key)).Append(':');
            switch (value)
            {
                case JsonObject { Count: > 0 } inner:
                    _text.Append('\n');
                    Map(inner, indent + Step, isFirstInLine: false);
                    break;
                case JsonArray { Count: > 0 } list:
                    _text.Append('\n');
                    List(list, indent, isFirstInLine: false);
                    break;
                default:
                    _text.Append(' ');
                    Scalar(value, indent + Step);
                    break;
            }
        }
    }

    private void List(JsonArray list, int indent, bool isFirstInLine)
    {
        foreach (JsonNode? item in list)
        {
            Indent(indent, isFirstInLine);
            isFirstInLine = false;
            _text.Append("- ");
            switch (item)
            {
                case JsonObject { Count: > 0 } map:
                    Map(map, indent + Step, isFirstInLine: true);
                    break;
                case JsonArray { Count: > 0 } inner:
                    List(inner, indent + Step, isFirstInLine: true);
                    break;
                default:
                    Scalar(item, indent + Step);
                    break;
            }
        }
    }

    private void Scalar(JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject:
                _text.Append("{}");
                break;
            case JsonArray:
                _text.Append("[]");
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                YamlText.Value(_text, scalar.GetValue<string>(), indent);
                break;
            default:
                _text.Append(value is null ? "null" : Number(value.ToJsonString()));
                break;
        }

        _text.Append('\n');
    }

    // Numbers that are whole are written so; others as Go's shortest form has them.
    private static string Number(string json) =>
        json.AsSpan().ContainsAny('.', 'e', 'E')
        && double.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            ? real.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant()
            : json;

    private void Indent(int indent, bool isFirstInLine)
    {
        if (!isFirstInLine)
        {
            _text.Append(' ', indent);
        }
    }
}
