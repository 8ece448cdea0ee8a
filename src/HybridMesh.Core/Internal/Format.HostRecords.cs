using HybridMesh.Core;

namespace HybridMesh.Internal;

public static partial class Format
{
    /// <summary>A list as <c>a, b</c>.</summary>
    public static string List(IReadOnlyList<string>? items) => items is null ? "" : string.Join(", ", items);

    /// <summary>A record's owner, and whether it hides ours.</summary>
    public static string RecordOwner(HostRecordOwner owner, bool shadows) =>
        shadows ? $"{owner} (shadows)" : owner.ToString();
}
