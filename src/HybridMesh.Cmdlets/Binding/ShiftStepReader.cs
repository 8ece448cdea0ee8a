using System.Collections;
using System.Collections.Specialized;
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
        // A version may be called Header too; its share is a number then.
        object? key = step.Keys.Cast<object>().FirstOrDefault(key =>
            HeaderKey.Equals(key.ToString(), StringComparison.OrdinalIgnoreCase)
            && TableReader.Unwrap(step[key]) is IDictionary);
        if (key is null)
        {
            return new(TableReader.Numbers(step, parameter)!);
        }

        IDictionary shares = step is IOrderedDictionary ? new OrderedDictionary() : new Hashtable();
        foreach (DictionaryEntry entry in step)
        {
            if (!entry.Key.Equals(key))
            {
                shares[entry.Key] = entry.Value;
            }
        }

        return new(TableReader.Numbers(shares, parameter)!)
        {
            Headers = TableReader.Texts((IDictionary)TableReader.Unwrap(step[key])!, HeaderKey)!.ToDictionary(),
        };
    }
}
