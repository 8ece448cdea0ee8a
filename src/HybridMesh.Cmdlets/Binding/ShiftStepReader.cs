using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Reads the steps of a shift: versions and shares, and under <c>Header</c> the headers of the requests a step is for.
/// </summary>
internal static class ShiftStepReader
{
    private const string HeaderKey = "Header";

    /// <summary>Reads a step, such as <c>@{ v2 = 100; Header = @{ 'x-release' = 'green' } }</c>.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, naming the entry.</exception>
    public static ShiftStepRequest Read(IDictionary step, string parameter)
    {
        object? key = step.Keys.Cast<object>().FirstOrDefault(key =>
            IsHeader(key) && TableReader.Unwrap(step[key]) is IDictionary);
        if (key is null)
        {
            return new(Shares(step, parameter));
        }

        IDictionary shares = step is IOrderedDictionary ? new OrderedDictionary() : new Hashtable();
        foreach (DictionaryEntry entry in step)
        {
            if (!entry.Key.Equals(key))
            {
                shares[entry.Key] = entry.Value;
            }
        }

        return new(Shares(shares, parameter))
        {
            Headers = TableReader.Texts((IDictionary)TableReader.Unwrap(step[key])!, HeaderKey)!.ToDictionary(),
        };
    }

    private static bool IsHeader(object key) =>
        HeaderKey.Equals(key.ToString(), StringComparison.OrdinalIgnoreCase);

    // What was meant for headers is told of as such: as a share it would only be no number.
    private static IReadOnlyList<KeyValuePair<string, double>> Shares(IDictionary step, string parameter)
    {
        foreach (DictionaryEntry entry in step)
        {
            object? value = TableReader.Unwrap(entry.Value);
            if (value is IDictionary || (IsHeader(entry.Key) && !IsNumber(value)))
            {
                throw new MeshException(
                    MeshErrorCode.ArgumentInvalid,
                    $"-{parameter}'s entry '{entry.Key}' is {Kind(value)}; write Header = @{{ 'x-release' = 'green' }} "
                        + "for requests with this header, and a number for a version's share.",
                    value);
            }
        }

        return TableReader.Numbers(step, parameter)!;
    }

    // A version may be called Header too; its share is a number then.
    private static bool IsNumber(object? value) => value is string text
        ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        : value is ValueType;

    private static string Kind(object? value) => value switch
    {
        null => "nothing",
        IDictionary => "a table",
        string => "a text",
        IEnumerable => "a list",
        _ => "no table",
    };
}
