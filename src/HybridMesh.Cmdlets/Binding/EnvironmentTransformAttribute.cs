using System.Collections;
using System.Management.Automation;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Makes a dictionary of what gives environment variables: hashtables, the Environment of another app, and the text
/// <c>A=1;B=2</c> as a column of a CSV file has it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EnvironmentTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            IDictionary table => table,
            IReadOnlyDictionary<string, string> typed => new Dictionary<string, string>(typed),
            string text => Parse(text),
            null => null,
            // A script block is evaluated per object; PowerShell's binder asks for it before it does so.
            _ => inputData,
        };

    private static Dictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> variables = [];
        foreach (string pair in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = pair.Split('=', 2);
            variables[parts[0]] = parts.Length == 2
                ? parts[1]
                : throw new ArgumentTransformationMetadataException(
                    $"'{pair}' is not of the form NAME=value. Give a hashtable such as @{{ NAME = 'value' }}.");
        }

        return variables;
    }
}
