using System.Collections.ObjectModel;

namespace HybridMesh.Core;

/// <summary>Labels whose text is <c>a=1,b=2</c>, so that an exported list of VMs can be read again.</summary>
internal sealed class LabelMap(IEnumerable<KeyValuePair<string, string>> labels)
    : ReadOnlyDictionary<string, string>(new Dictionary<string, string>(labels, StringComparer.Ordinal))
{
    /// <summary>No labels.</summary>
    public static new LabelMap Empty { get; } = new([]);

    /// <inheritdoc/>
    public override string ToString() => Internal.Format.Labels(this);
}
