using HybridMesh.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HybridMesh.Yaml;

/// <summary>
/// A sequence of mappings; Labels is a mapping or text. Every scalar is text: a version 1.10 stays 1.10.
/// </summary>
public sealed class YamlInventory : IInventoryFormat
{
    /// <inheritdoc/>
    public IEnumerable<InventoryRow> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new InventoryFormatException(
                (int)e.Start.Line, $"this is no YAML: {e.InnerException?.Message ?? e.Message}", e);
        }

        return stream.Documents.SelectMany(document => Rows(document.RootNode));
    }

    private static IEnumerable<InventoryRow> Rows(YamlNode root) => root switch
    {
        YamlSequenceNode list => list.Children.Select(Row),
        YamlScalarNode { Value: null or "" } => [],
        _ => throw new InventoryFormatException(LineOf(root), "the list must be a sequence of mappings: - Name: ..."),
    };

    private static InventoryRow Row(YamlNode item) => item is YamlMappingNode mapping
        ? new InventoryRow(
            LineOf(item),
            mapping.Children.ToDictionary(
                pair => Text(pair.Key, "a key") ?? "", Value, StringComparer.OrdinalIgnoreCase))
        : throw new InventoryFormatException(LineOf(item), "an item of the list is no mapping.");

    private static object? Value(KeyValuePair<YamlNode, YamlNode> pair) => pair.Value is YamlMappingNode labels
        ? labels.Children.ToDictionary(
            label => Text(label.Key, "a label") ?? "",
            label => Text(label.Value, $"'{pair.Key}.{label.Key}'") ?? "", StringComparer.Ordinal)
        : Text(pair.Value, $"'{pair.Key}'");

    private static string? Text(YamlNode node, string what) => node switch
    {
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } => null,
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InventoryFormatException(
            LineOf(node), $"{what} must be text or a number; only Labels holds names and values."),
    };

    private static int LineOf(YamlNode node) => (int)node.Start.Line;
}
