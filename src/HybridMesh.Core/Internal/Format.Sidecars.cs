using HybridMesh.Core;

namespace HybridMesh.Internal;

/// <summary>The columns of sidecars and of what disagrees.</summary>
public static partial class Format
{
    private const string Red = "\u001b[31m";
    private const string Yellow = "\u001b[33m";
    private const string Plain = "\u001b[0m";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    /// <summary>
    /// When something ends: <c>in 52 min</c>, <c>expired 3 h ago</c>; <c>none</c> when there is nothing.
    /// </summary>
    /// <param name="time">The end.</param>
    /// <param name="color">Whether the host shows colours.</param>
    public static string Expiry(DateTimeOffset? time, bool color) =>
        Expiry(time, TimeProvider.System.GetUtcNow(), color);

    /// <summary>Whether all sides agree; <c>-</c> when there are not two to compare.</summary>
    public static string Agreement(VmSidecar sidecar, bool color)
    {
        ArgumentNullException.ThrowIfNull(sidecar);
        string text = sidecar.Agrees switch { true => "yes", false => "no", null => "-" };
        return sidecar.Agrees == false ? Paint(text, Red, color) : text;
    }

    /// <summary>A sidecar's state.</summary>
    public static string State(SidecarState state, bool color) =>
        state == SidecarState.Ready
            ? $"{state}" : Paint($"{state}", state == SidecarState.Absent ? Yellow : Red, color);

    /// <summary>The versions that the sides say: one when they agree, else each with its side.</summary>
    public static string Versions(VmSidecar sidecar)
    {
        ArgumentNullException.ThrowIfNull(sidecar);
        (string Side, string? Version)[] known =
        [
            .. new[] { ("entry", sidecar.EntryVersion), ("env", sidecar.EnvVersion), ("app", sidecar.AppVersion) }
                .Where(item => item.Item2 is not null),
        ];
        return known.Select(item => item.Version).Distinct().Count() <= 1
            ? known.Select(item => item.Version).FirstOrDefault() ?? ""
            : string.Join(' ', known.Select(item => $"{item.Side}:{item.Version}"));
    }

    /// <summary>How bad a finding is.</summary>
    public static string Severity(DriftSeverity severity, bool color) => severity switch
    {
        DriftSeverity.Error => Paint($"{severity}", Red, color),
        DriftSeverity.Warning => Paint($"{severity}", Yellow, color),
        _ => $"{severity}",
    };

    internal static string Expiry(DateTimeOffset? time, DateTimeOffset now, bool color) => time is not { } end ? "none"
        : end <= now ? Paint($"expired {RelativeTime.Of(end, now)}", Red, color)
        : Paint(RelativeTime.Of(end, now), end - now <= Soon ? Yellow : "", color);

    private static string Paint(string text, string paint, bool color) =>
        color && paint.Length > 0 ? $"{paint}{text}{Plain}" : text;
}
