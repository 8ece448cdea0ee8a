namespace HybridMesh.Core;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest letters to change.</summary>
    public static string Of(string name, IEnumerable<string> known) =>
        known.MinBy(candidate => Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()))!;

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replace = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
