using System.Globalization;
using System.Text;

namespace HybridMesh.Yaml;

/// <summary>
/// The order Kubernetes' tools write keys in: digits by the number they form, everything else before letters.
/// </summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        Rune[] left = [.. (x ?? "").EnumerateRunes()];
        Rune[] right = [.. (y ?? "").EnumerateRunes()];
        int common = Math.Min(left.Length, right.Length);
        int at = 0;
        while (at < common && left[at] == right[at])
        {
            at++;
        }

        return at == common ? left.Length.CompareTo(right.Length) : CompareFrom(left, right, at);
    }

    private static int CompareFrom(Rune[] left, Rune[] right, int at)
    {
        bool leftIsLetter = Rune.IsLetter(left[at]);
        bool rightIsLetter = Rune.IsLetter(right[at]);
        if (leftIsLetter || rightIsLetter)
        {
            return leftIsLetter && rightIsLetter ? left[at].CompareTo(right[at]) : rightIsLetter ? -1 : 1;
        }

        // In 100 and 12 a zero counts by its place; in 01 and 1 it is only a leading one.
        bool isInNumber = (left[at].Value == '0' || right[at].Value == '0') && FollowsNonZeroDigit(left, at);
        (long Number, int End) l = Number(left, at, isInNumber ? 1 : 0);
        (long Number, int End) r = Number(right, at, isInNumber ? 1 : 0);
        return l.Number != r.Number ? l.Number.CompareTo(r.Number)
            : l.End != r.End ? l.End.CompareTo(r.End)
            : left[at].CompareTo(right[at]);
    }

    private static bool FollowsNonZeroDigit(Rune[] text, int at)
    {
        for (int i = at - 1; i >= 0 && Rune.IsDigit(text[i]); i--)
        {
            if (text[i].Value != '0')
            {
                return true;
            }
        }

        return false;
    }

    private static (long Number, int End) Number(Rune[] text, int at, long start)
    {
        long number = start;
        int i = at;
        for (; i < text.Length && Rune.IsDigit(text[i]); i++)
        {
            number = unchecked((number * 10) + (long)CharUnicodeInfo.GetDecimalDigitValue(text[i].ToString(), 0));
        }

        return (number, i);
    }
}
