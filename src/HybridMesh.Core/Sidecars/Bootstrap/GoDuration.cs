using System.Buffers;
using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Durations as Go programs read them: <c>1h30m</c>, <c>1.5s</c>, <c>200ms</c>.</summary>
internal static class GoDuration
{
    private const decimal Second = 1_000_000_000m;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    // Two characters look like the micro sign.
    private static readonly (string Unit, decimal Nanoseconds)[] Units =
    [
        ("ns", 1m), ("us", 1e3m), ("µs", 1e3m), ("μs", 1e3m), ("ms", 1e6m), ("s", Second), ("m", 60m * Second),
        ("h", 3600m * Second),
    ];

    /// <summary>
    /// The duration as protobuf's JSON has it: seconds with 0, 3, 6 or 9 digits; null when it is none.
    /// </summary>
    public static string? Canonical(string? text)
    {
        if (string.IsNullOrEmpty(text) || Nanoseconds(text) is not { } total || Math.Abs(total) > long.MaxValue)
        {
            return null;
        }

        decimal size = decimal.Truncate(Math.Abs(total));
        string fraction = (size % Second).ToString("000000000", CultureInfo.InvariantCulture);
        while (fraction.EndsWith("000", StringComparison.Ordinal))
        {
            fraction = fraction[..^3];
        }

        string seconds = decimal.Truncate(size / Second).ToString(CultureInfo.InvariantCulture);
        return $"{(total < 0 ? "-" : "")}{seconds}{(fraction.Length > 0 ? "." : "")}{fraction}s";
    }

    private static decimal? Nanoseconds(string text)
    {
        ReadOnlySpan<char> rest = text;
        bool negative = rest[0] == '-';
        rest = rest[0] is '-' or '+' ? rest[1..] : rest;
        if (rest is "0")
        {
            return 0m;
        }

        decimal total = 0m;
        bool any = false;
        while (rest.Length > 0)
        {
            // Without a unit behind it, a number is no duration.
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || digits > 20
                || !decimal.TryParse(
                    rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount))
            {
                return null;
            }

            rest = rest[digits..];
            int length = rest.IndexOfAny(Digits);
            string unit = (length < 0 ? rest : rest[..length]).ToString();
            int known = Array.FindIndex(Units, item => item.Unit == unit);
            if (known < 0 || amount > long.MaxValue / Units[known].Nanoseconds)
            {
                return null;
            }

            total += amount * Units[known].Nanoseconds;
            rest = rest[unit.Length..];
            any = true;
        }

        return any ? negative ? -total : total : null;
    }
}
