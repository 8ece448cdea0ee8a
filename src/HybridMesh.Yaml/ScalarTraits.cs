using System.Text;

namespace HybridMesh.Yaml;

/// <summary>Which ways of writing a string YAML allows, by the characters in it.</summary>
internal sealed record ScalarTraits
{
    private const string Openers = "#,[]{}&*!|>'\"%@`";

    /// <summary>Whether it may stand without quotes in a block.</summary>
    public bool AllowsPlain { get; private init; }

    /// <summary>Whether it may stand in single quotes.</summary>
    public bool AllowsSingleQuotes { get; private init; }

    /// <summary>Whether it may be a literal block.</summary>
    public bool AllowsBlock { get; private init; }

    public static ScalarTraits Of(string text)
    {
        if (text.Length == 0)
        {
            return new() { AllowsPlain = true, AllowsSingleQuotes = true };
        }

        Rune[] runes = [.. text.EnumerateRunes()];
        bool special = Array.Exists(runes, rune => !IsPrintable(rune));
        bool lines = Array.Exists(runes, IsBreak);
        bool spaceBreak = HasPair(runes, rune => rune.Value == ' ', IsBreak);
        bool breakSpace = HasPair(runes, IsBreak, rune => rune.Value == ' ');
        bool edges = IsSpaceOrBreak(runes[0]) || IsSpaceOrBreak(runes[^1]);
        bool quotes = !breakSpace && !spaceBreak && !special;
        return new()
        {
            AllowsPlain = quotes && !edges && !lines && !HasIndicator(text, runes),
            AllowsSingleQuotes = quotes,
            AllowsBlock = !spaceBreak && !special && runes[^1].Value != ' ',
        };
    }

    // What lies beyond the first plane is escaped, as Kubernetes' tools do.
    public static bool IsPrintable(Rune rune) => rune.Value is 0xA or (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xD7FF)
        or (>= 0xE000 and <= 0xFFFD and not 0xFEFF);

    public static bool IsBreak(Rune rune) => rune.Value is 0xA or 0xD or 0x85 or 0x2028 or 0x2029;

    private static bool IsSpaceOrBreak(Rune rune) => rune.Value == ' ' || IsBreak(rune);

    private static bool IsBlank(Rune[] runes, int at) =>
        at < 0 || at >= runes.Length || runes[at].Value is ' ' or '\t' || IsBreak(runes[at]);

    private static bool HasPair(Rune[] runes, Func<Rune, bool> first, Func<Rune, bool> second) =>
        Enumerable.Range(0, runes.Length - 1).Any(i => first(runes[i]) && second(runes[i + 1]));

    private static bool HasIndicator(string text, Rune[] runes)
    {
        if (text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal)
            || Openers.Contains(text[0], StringComparison.Ordinal) || (text[0] is '?' or '-' && IsBlank(runes, 1)))
        {
            return true;
        }

        return Enumerable.Range(0, runes.Length).Any(i =>
            (runes[i].Value == ':' && IsBlank(runes, i + 1)) || (runes[i].Value == '#' && IsBlank(runes, i - 1)));
    }
}
