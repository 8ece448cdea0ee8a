using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace HybridMesh.Cmdlets;

/// <summary>Hashtables as users type them for labels and annotations.</summary>
internal static class StringMap
{
    /// <summary>The table with keys and values as text; empty for null.</summary>
    public static Dictionary<string, string> From(IDictionary? table)
    {
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        foreach (DictionaryEntry pair in table ?? new Hashtable())
        {
            map[Text(pair.Key)] = Text(pair.Value);
        }

        return map;
    }

    private static string Text(object? value) =>
        Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? "";
}
