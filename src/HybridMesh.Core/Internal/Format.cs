using System.ComponentModel;

namespace HybridMesh.Internal;

/// <summary>Column logic of the table views; called by the Format.ps1xml files only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Format
{
    /// <summary>Labels as <c>a=1,b=2</c>.</summary>
    public static string Labels(IReadOnlyDictionary<string, string>? labels) =>
        labels is null ? "" : string.Join(',', labels.Select(pair => $"{pair.Key}={pair.Value}"));
}
