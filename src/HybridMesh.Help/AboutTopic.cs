using System.Text;
using Markdig;
using Markdig.Syntax;

namespace HybridMesh.Help;

/// <summary>A page about a concept as the text file Get-Help shows.</summary>
internal static class AboutTopic
{
    private const int Width = 80;

    public static string Render(string markdown)
    {
        StringBuilder text = new();
        foreach (Block block in Markdown.Parse(markdown))
        {
            string plain = PlainText.Of(block);
            text.Append(block switch
            {
                HeadingBlock { Level: 1 } => $"TOPIC\n    {plain}\n\n",
                HeadingBlock { Level: 2 } => $"{plain.ToUpperInvariant()}\n",
                HeadingBlock => $"  {plain}\n",
                CodeBlock => Indent(plain, 8),
                ListBlock => Indent(plain, 4),
                _ => Indent(Wrap(plain, Width - 4), 4),
            });
        }

        return text.ToString();
    }

    private static string Indent(string text, int columns) =>
        string.Concat(text.Split('\n').Select(line => new string(' ', line.Length == 0 ? 0 : columns) + line + "\n"))
            + "\n";

    private static string Wrap(string text, int width)
    {
        StringBuilder wrapped = new();
        int column = 0;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                wrapped.Append('\n');
                column = 0;
            }

            wrapped.Append(column > 0 ? " " : "").Append(word);
            column += word.Length + (column > 0 ? 1 : 0);
        }

        return wrapped.ToString();
    }
}
