using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Reads hashtable parameters: in the order of an <c>[ordered]</c> one, else by name.</summary>
internal static class TableReader
{
    /// <summary>The entries as numbers, such as <c>@{ v1 = 30; v2 = 70 }</c>; null for no table.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, naming the entry.</exception>
    public static IReadOnlyList<KeyValuePair<string, double>>? Numbers(IDictionary? table, string parameter) =>
        table is null
            ? null
            : [.. Entries(table, parameter).Select(pair => KeyValuePair.Create(pair.Key, Number(pair, parameter)))];

    /// <summary>The entries as text; null for no table.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, naming the entry.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>>? Texts(IDictionary? table, string parameter) =>
        table is null
            ? null
            : [.. Entries(table, parameter).Select(pair => KeyValuePair.Create(pair.Key, Text(pair, parameter)))];

    /// <summary>The entries as they are, those of tables among them too, without PowerShell's wrappers.</summary>
    public static IDictionary? Values(IDictionary? table) => table?.Cast<DictionaryEntry>().ToDictionary(
        entry => entry.Key, entry => Unwrap(entry.Value) is IDictionary inner ? Values(inner) : Unwrap(entry.Value));

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary table, string parameter)
    {
        IEnumerable<KeyValuePair<string, object?>> entries = table.Cast<DictionaryEntry>().Select(entry =>
            KeyValuePair.Create(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", Unwrap(entry.Value)));
        if (entries.Any(entry => string.IsNullOrWhiteSpace(entry.Key)))
        {
            throw new MeshException(MeshErrorCode.ArgumentInvalid, $"-{parameter} has an entry without a name.", table);
        }

        return table is IOrderedDictionary
            ? entries : entries.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase);
    }

    private static double Number(KeyValuePair<string, object?> entry, string parameter) => entry.Value switch
    {
        int or long or double or decimal or float or short or byte =>
            Convert.ToDouble(entry.Value, CultureInfo.InvariantCulture),
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) =>
            number,
        _ => throw new MeshException(
            MeshErrorCode.ArgumentInvalid,
            $"-{parameter} of '{entry.Key}' is '{entry.Value}', which is no number; write @{{ v1 = 30; v2 = 70 }}.",
            entry.Value),
    };

    private static string Text(KeyValuePair<string, object?> entry, string parameter) => entry.Value switch
    {
        null or ScriptBlock or (IEnumerable and not string) => throw new MeshException(
            MeshErrorCode.ArgumentInvalid,
            $"-{parameter} of '{entry.Key}' must be a text, not "
                + $"{(entry.Value is null ? "nothing" : "a block, list or table")}.",
            entry.Value),
        _ => Convert.ToString(entry.Value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A value without PowerShell's wrapper.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
