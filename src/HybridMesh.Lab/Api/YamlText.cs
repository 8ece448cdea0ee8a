using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HybridMesh.Lab;

/// <summary>YAML to JSON, with the plain scalars of YAML 1.1 as Go's parser reads them.</summary>
internal static partial class YamlText
{
    public static JsonNode? Parse(string text)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        return stream.Documents.Count switch
        {
            0 => null,
            1 => Convert(stream.Documents[0].RootNode),
            _ => throw new YamlException("expected a single document"),
        };
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => ConvertMapping(mapping),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(Convert)]),
        YamlScalarNode scalar => ConvertScalar(scalar),
        _ => throw new YamlException(node.Start, node.End, "unknown alias"),
    };

    private static JsonObject ConvertMapping(YamlMappingNode mapping)
    {
        JsonObject result = [];
        foreach ((YamlNode key, YamlNode value) in mapping)
        {
            if (key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain })
            {
                foreach ((string name, JsonNode? inherited) in Convert(value) as JsonObject ?? [])
                {
                    result.TryAdd(name, inherited?.DeepClone());
                }
            }
            else
            {
                result[((YamlScalarNode)key).Value ?? ""] = Convert(value);
            }
        }

        return result;
    }

    private static JsonNode? ConvertScalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
            _ => Number(text) ?? JsonValue.Create(text),
        };
    }

    private static JsonNode? Number(string text)
    {
        if (IntegerPattern().IsMatch(text)
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            return Raw(integer.ToString(CultureInfo.InvariantCulture));
        }

        if (OctalPattern().IsMatch(text))
        {
            return Raw(System.Convert.ToInt64(text.Replace("o", "", StringComparison.Ordinal), 8)
                .ToString(CultureInfo.InvariantCulture));
        }

        if (HexPattern().IsMatch(text))
        {
            return Raw(System.Convert.ToInt64(text, 16).ToString(CultureInfo.InvariantCulture));
        }

        return FloatPattern().IsMatch(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? Raw(number.ToString("R", CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>Parsed as from a body in JSON, so that equal numbers are equal nodes.</summary>
    private static JsonNode? Raw(string number) => JsonNode.Parse(number);

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(@"\A0o?[0-7]+\z")]
    private static partial Regex OctalPattern();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]{1,15}\z")]
    private static partial Regex HexPattern();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex FloatPattern();
}
