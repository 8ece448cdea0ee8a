using System.Globalization;
using HybridMesh.Core;

namespace HybridMesh.Internal;

public static partial class Format
{
    /// <summary>A duration in milliseconds, such as <c>12.3 ms</c>.</summary>
    public static string Milliseconds(TimeSpan? span) =>
        span is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.#} ms") : "";

    /// <summary>A chain of hops in short, such as <c>Pod v1 &lt;- Vm v2 &lt;- Pod v1</c>.</summary>
    public static string Hops(IEnumerable<MeshHop>? hops) => string.Join(" <- ", (hops ?? []).Select(hop =>
        hop.Kind == HopKind.Unknown ? $"{hop.Address ?? hop.Greeting}" : $"{hop.Kind} {hop.Version ?? "?"}"));

    /// <summary>Who answered, hop by hop; on failure what went wrong, which is what one looks for then.</summary>
    public static string Outcome(MeshPath? path) => path switch
    {
        null => "",
        { Success: false, Detail: { Length: > 0 } detail } => detail,
        _ => Hops(path.Hops),
    };
}
