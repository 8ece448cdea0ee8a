using System.Management.Automation;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Makes file system paths absolute while the parameter is bound: relative to PowerShell's location, which a worker's
/// thread does not know, and with the drives of PowerShell. Refuses script blocks as <see cref="PlainTextAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FullPathAttribute : ArgumentTransformationAttribute
{
    private static readonly PlainTextAttribute PlainText = new();

    /// <summary>Whether wildcards are expanded; a pattern that matches nothing stays as it is.</summary>
    public bool Wildcards { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        PathIntrinsics paths = engineIntrinsics.SessionState.Path;
        object? value = PlainText.Transform(engineIntrinsics, inputData) is PSObject wrapped
            ? wrapped.BaseObject : inputData;
        return value switch
        {
            string { Length: > 0 } text => Wildcards ? Expand(paths, text) : Resolve(paths, text),
            FileSystemInfo file => file.FullName,
            object[] items => items.SelectMany(item => Transform(engineIntrinsics, item) switch
            {
                string[] many => many,
                { } one => [one.ToString() ?? ""],
            }).ToArray(),
            _ => inputData,
        };
    }

    private static string[] Expand(PathIntrinsics paths, string text)
    {
        try
        {
            return WildcardPattern.ContainsWildcardCharacters(text)
                && paths.GetResolvedProviderPathFromPSPath(text, out _) is { Count: > 0 } found
                ? [.. found] : [Resolve(paths, text)];
        }
        catch (ItemNotFoundException)
        {
            return [text];
        }
    }

    private static string Resolve(PathIntrinsics paths, string text)
    {
        try
        {
            return paths.GetUnresolvedProviderPathFromPSPath(text);
        }
        catch (System.Management.Automation.DriveNotFoundException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
