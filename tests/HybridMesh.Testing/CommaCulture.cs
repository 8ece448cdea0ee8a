using System.Globalization;

namespace HybridMesh.Testing;

/// <summary>Lets what runs until it is disposed find a culture that writes 1.234,5 for 1234.5.</summary>
public sealed class CommaCulture : IDisposable
{
    /// <summary>Sets the culture in a script.</summary>
    public const string Script = """
        $comma = [cultureinfo]::InvariantCulture.Clone()
        $comma.NumberFormat.NumberDecimalSeparator = ','
        $comma.NumberFormat.NumberGroupSeparator = '.'
        [cultureinfo]::CurrentCulture = $comma

        """;

    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public CommaCulture()
    {
        CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = comma;
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
