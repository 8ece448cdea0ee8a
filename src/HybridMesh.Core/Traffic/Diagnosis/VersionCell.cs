namespace HybridMesh.Core;

/// <summary>
/// Answers cell by cell, as well as a mesh can explain them that draws each request with shares that change at most
/// once in a cell: the likelihood with hindsight, which that of the true shares never exceeds.
/// </summary>
/// <param name="versions">How many versions there are.</param>
/// <param name="length">How many answers make a cell.</param>
internal sealed class VersionCell(int versions, int length)
{
    private readonly int[] _version = new int[length];
    private readonly int[] _before = new int[length];
    private readonly double[] _entropy = TableOf(length);
    private int _answers;
    private double _closedLikelihood;
    private double _closedSame;

    /// <summary>The natural logarithm of the likelihood.</summary>
    public double LogLikelihood => _closedLikelihood + Explain().LogLikelihood;

    /// <summary>How many answers would be of the version before them on their key.</summary>
    public double ExpectedSame => _closedSame + Explain().Same;

    /// <summary>Takes an answer and the one before it on its key; null for none.</summary>
    public void Add(int version, int? before)
    {
        _version[_answers] = version;
        _before[_answers] = before ?? -1;
        if (++_answers < length)
        {
            return;
        }

        (double likelihood, double same) = Explain();
        _closedLikelihood += likelihood;
        _closedSame += same;
        _answers = 0;
    }

    // The best place for a change; at the end of the cell it is none.
    private (double LogLikelihood, double Same) Explain()
    {
        int[] left = new int[versions];
        int[] right = new int[versions];
        for (int i = 0; i < _answers; i++)
        {
            right[_version[i]]++;
        }

        (double best, int change) = (double.NegativeInfinity, 0);
        for (int i = 0; i <= _answers; i++)
        {
            double likelihood = LogLikelihoodOf(left, i) + LogLikelihoodOf(right, _answers - i);
            (best, change) = likelihood > best ? (likelihood, i) : (best, change);
            if (i < _answers)
            {
                left[_version[i]]++;
                right[_version[i]]--;
            }
        }

        return (best, SameOf(0, change) + SameOf(change, _answers));
    }

    private double LogLikelihoodOf(int[] counts, int total)
    {
        double sum = -_entropy[total];
        foreach (int count in counts)
        {
            sum += _entropy[count];
        }

        return sum;
    }

    private double SameOf(int start, int end)
    {
        int[] counts = new int[versions];
        for (int i = start; i < end; i++)
        {
            counts[_version[i]]++;
        }

        double same = 0;
        for (int i = start; i < end; i++)
        {
            same += _before[i] < 0 ? 0 : (double)counts[_before[i]] / (end - start);
        }

        return same;
    }

    // n ln n: the likelihood of n answers of m is the sum of those of its versions less that of all.
    private static double[] TableOf(int length) =>
        [.. Enumerable.Range(0, length + 1).Select(n => n == 0 ? 0 : n * Math.Log(n))];
}
