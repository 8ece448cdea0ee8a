using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Times as people say them.</summary>
internal static class RelativeTime
{
    /// <summary><c>in 52 min</c>, <c>3 h ago</c>, <c>now</c>.</summary>
    public static string Of(DateTimeOffset time, DateTimeOffset now)
    {
        TimeSpan span = time - now;
        string length = Length(span.Duration());
        return length.Length == 0 ? "now" : span > TimeSpan.Zero ? $"in {length}" : $"{length} ago";
    }

    /// <summary>How long, in its largest unit: <c>20 s</c>, <c>52 min</c>, <c>3 h</c>, <c>4 days</c>.</summary>
    private static string Length(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "",
        { TotalSeconds: < 60 } => Count(span.TotalSeconds, "s"),
        { TotalMinutes: < 60 } => Count(span.TotalMinutes, "min"),
        { TotalHours: < 48 } => Count(span.TotalHours, "h"),
        { TotalDays: < 730 } => Count(span.TotalDays, "days"),
        _ => Count(span.TotalDays / 365.25, "years"),
    };

    // Rounded down: what is left must not look like more than it is.
    private static string Count(double amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(amount):0} {unit}");
}
