using System.Globalization;
using System.Management.Automation;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Reads durations: a TimeSpan, seconds as a number, or text such as <c>30s</c>, <c>5m</c>, <c>200ms</c>, <c>1h</c>.
/// PowerShell alone would take the number 30 as 30 ticks.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformAttribute : ArgumentTransformationAttribute
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TimeSpan span => span,
            // PowerShell reads the argument 60s as the Int16 60, and 1d as a decimal; what was typed is kept beside it.
            ValueType when IsNumber(value) && inputData is PSObject typed && IsTyped(typed.ToString()) =>
                Parse(typed.ToString()),
            ValueType when IsNumber(value) => Span(Convert.ToDouble(value, CultureInfo.InvariantCulture), value),
            string text => Parse(text.Trim()),
            _ => throw Refused(value),
        };
    }

    private static bool IsNumber(object value) =>
        value is int or long or double or decimal or short or byte or sbyte or float or uint or ushort or ulong;

    private static bool IsTyped(string text) => text.Length > 0 && char.IsAsciiLetter(text[^1]);

    private static TimeSpan Parse(string text)
    {
        foreach ((string unit, double seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && Number(text[..^unit.Length]) is { } amount)
            {
                return Span(amount * seconds, text);
            }
        }

        return Number(text) is { } plain
            ? Span(plain, text)
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) ? span : throw Refused(text);
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static TimeSpan Span(double seconds, object? value) =>
        Math.Abs(seconds) < 1e9 ? TimeSpan.FromSeconds(seconds) : throw Refused(value);

    private static ArgumentTransformationMetadataException Refused(object? value) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
            $"'{value}' is no duration; give seconds (30), a text such as 30s, 5m or 200ms, or a TimeSpan."));
}
