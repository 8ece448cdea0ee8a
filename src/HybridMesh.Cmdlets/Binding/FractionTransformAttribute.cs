using System.Globalization;
using System.Management.Automation;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Reads parts of a whole: text such as <c>1%</c> or <c>0.5 %</c>, or a number below 1. A plain 1 and more is refused,
/// because it could be meant as percent.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FractionTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            string text when text.TrimEnd().EndsWith('%')
                && Number(text.TrimEnd()[..^1]) is { } percent and >= 0 and <= 100 => percent / 100,
            string text when Number(text) is { } fraction => Checked(fraction, value),
            int or long or double or decimal or float or short or byte =>
                Checked(Convert.ToDouble(value, CultureInfo.InvariantCulture), value),
            _ => throw Refused(value),
        };
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number : null;

    private static double Checked(double fraction, object value) =>
        fraction is >= 0 and < 1 ? fraction : throw Refused(value);

    private static ArgumentTransformationMetadataException Refused(object? value) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
            $"'{value}' is no part of a whole; give a percentage such as 1%, or a number below 1 such as 0.01."));
}
