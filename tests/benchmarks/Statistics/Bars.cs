using System.Globalization;

namespace HybridMesh.Benchmarks.Statistics;

/// <summary>Prints figures and keeps count of those that miss their bar.</summary>
internal sealed class Bars
{
    private readonly List<string> _missed = [];
    private int _checked;

    public void Title(string text) => Console.WriteLine($"\n{text}");

    public void Note(FormattableString text) => Console.WriteLine("  " + text.ToString(CultureInfo.InvariantCulture));

    public void Check(bool met, FormattableString text)
    {
        string line = text.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine($"{(met ? "  " : "! ")}{line}");
        _checked++;
        if (!met)
        {
            _missed.Add(line);
        }
    }

    public int Verdict(int runs, TimeSpan elapsed)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{(_missed.Count == 0 ? "PASS" : "FAIL")}: {_checked - _missed.Count} of {_checked} figures meet their bar at {runs:N0} runs each ({elapsed.TotalSeconds:0} s)"));
        return _missed.Count == 0 ? 0 : 1;
    }

    /// <summary>
    /// What chance may add to a simulated rate: four standard deviations, because some 150 figures are checked.
    /// </summary>
    public static double Chance(double rate, int runs) => 4 * Math.Sqrt(rate * (1 - rate) / runs);
}
