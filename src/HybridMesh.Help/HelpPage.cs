using Markdig;
using Markdig.Syntax;

namespace HybridMesh.Help;

/// <summary>A title, what is typed, and what is told about it.</summary>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>A named part of a section: a parameter, or a type of input or output.</summary>
internal sealed record HelpEntry(string Name, IReadOnlyList<string> Text);

/// <summary>The page of a command.</summary>
internal sealed record HelpPage
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Synopsis { get; init; }

    public required IReadOnlyList<string> Description { get; init; }

    public required IReadOnlyList<HelpExample> Examples { get; init; }

    public required IReadOnlyList<HelpEntry> Parameters { get; init; }

    public required IReadOnlyList<HelpEntry> Inputs { get; init; }

    public required IReadOnlyList<HelpEntry> Outputs { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<string> Links { get; init; }

    /// <summary>Reads a page.</summary>
    /// <exception cref="HelpPageException">When it has no title or no synopsis.</exception>
    public static HelpPage Parse(string path)
    {
        MarkdownDocument document = Markdown.Parse(File.ReadAllText(path));
        string? title = document.OfType<HeadingBlock>().Where(heading => heading.Level == 1).Select(PlainText.Of)
            .FirstOrDefault();
        if (title != Path.GetFileNameWithoutExtension(path))
        {
            throw new HelpPageException(path, $"the title must be '# {Path.GetFileNameWithoutExtension(path)}'.");
        }

        Dictionary<string, List<Block>> sections = Split(document, level: 2)
            .ToDictionary(section => section.Title.ToUpperInvariant(), section => section.Blocks);
        List<Block> Section(string name) => sections.GetValueOrDefault(name) ?? [];
        if (Section("SYNOPSIS").Count == 0)
        {
            throw new HelpPageException(path, "there is no text under '## SYNOPSIS'.");
        }

        return new HelpPage
        {
            Name = title,
            Synopsis = Paragraphs(Section("SYNOPSIS")),
            Description = Paragraphs(Section("DESCRIPTION")),
            Examples =
                [.. Split(Section("EXAMPLES"), level: 3).Select(example => Example(example.Title, example.Blocks))],
            Parameters = Entries(Section("PARAMETERS")),
            Inputs = Entries(Section("INPUTS")),
            Outputs = Entries(Section("OUTPUTS")),
            Notes = Paragraphs(Section("NOTES")),
            Links = Paragraphs(Section("RELATED LINKS")),
        };
    }

    private static IEnumerable<(string Title, List<Block> Blocks)> Split(IEnumerable<Block> blocks, int level)
    {
        string? title = null;
        List<Block> inside = [];
        foreach (Block block in blocks)
        {
            if (block is HeadingBlock heading && heading.Level <= level)
            {
                if (title is not null)
                {
                    yield return (title, inside);
                }

                title = heading.Level == level ? PlainText.Of(heading) : null;
                inside = [];
            }
            else
            {
                inside.Add(block);
            }
        }

        if (title is not null)
        {
            yield return (title, inside);
        }
    }

    private static HelpExample Example(string title, List<Block> blocks) => new(
        title,
        string.Join("\n\n", blocks.OfType<FencedCodeBlock>().Select(PlainText.Of)),
        Paragraphs(blocks.Where(block => block is not FencedCodeBlock)));

    private static List<HelpEntry> Entries(IEnumerable<Block> blocks) =>
        [.. Split(blocks, level: 3)
            .Select(entry => new HelpEntry(entry.Title.TrimStart('-'), Paragraphs(entry.Blocks)))];

    private static List<string> Paragraphs(IEnumerable<Block> blocks) =>
        [.. blocks.Select(PlainText.Of).Where(text => text.Length > 0)];
}
