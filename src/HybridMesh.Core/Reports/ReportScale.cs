namespace HybridMesh.Core;

/// <summary>Where values lie on an axis: even steps, or equal factors when they differ that much.</summary>
internal sealed class ReportScale
{
    private const int MostTicks = 8;
    private readonly double _from;
    private readonly double _to;
    private readonly double _low;
    private readonly double _high;

    private ReportScale(double low, double high, double from, double to, bool isLogarithmic,
        IReadOnlyList<double> ticks)
    {
        (_low, _high, _from, _to, IsLogarithmic, Ticks) = (low, high, from, to, isLogarithmic, ticks);
    }

    /// <summary>Whether equal distances are equal factors.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>The values to mark.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A scale from 0 on.</summary>
    public static ReportScale Linear(double most, double from, double to)
    {
        double wanted = Math.Max(most, 1e-9);
        double power = Math.Pow(10, Math.Floor(Math.Log10(wanted / 4)));
        double step = new[] { 1.0, 2, 2.5, 5, 10 }.Select(factor => factor * power)
            .First(size => wanted / size <= 5.0000001);
        int count = (int)Math.Ceiling((wanted / step) - 1e-9);
        double[] ticks = [.. Enumerable.Range(0, count + 1).Select(i => i * step)];
        return new ReportScale(0, count * step, from, to, false, ticks);
    }

    /// <summary>A scale of equal factors around values above 0: 1, 2, 5, 10 and so on.</summary>
    public static ReportScale Logarithmic(double least, double most, double from, double to)
    {
        int first = (int)Math.Floor(Math.Log10(least) + 1e-9);
        int last = Math.Max((int)Math.Ceiling(Math.Log10(most) - 1e-9), first + 1);
        double[] marks =
        [
            .. Enumerable.Range(first, last - first).SelectMany(power => new[] { 1.0, 2, 5 }
                .Select(factor => factor * Math.Pow(10, power))),
            Math.Pow(10, last),
        ];
        double low = marks.Last(mark => mark <= least * 1.000001);
        double high = marks.First(mark => mark >= most * 0.999999);
        double[] inside = [.. marks.Where(mark => mark >= low && mark <= high)];
        double[] ticks = inside.Length <= MostTicks
            ? inside : [.. inside.Where(mark => Math.Abs(Math.Log10(mark) - Math.Round(Math.Log10(mark))) < 1e-6)];
        return new ReportScale(Math.Log10(low), Math.Log10(high), from, to, true, ticks);
    }

    /// <summary>The place of a value.</summary>
    public double Place(double value)
    {
        double at = IsLogarithmic ? Math.Log10(Math.Max(value, Math.Pow(10, _low))) : value;
        return _from + ((Math.Clamp(at, _low, _high) - _low) / (_high - _low) * (_to - _from));
    }
}
