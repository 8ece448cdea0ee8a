using System.Globalization;
using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HybridMesh.Help;

/// <summary>Markdown as text on a terminal.</summary>
internal static class PlainText
{
    public static string Of(Block block) => block switch
    {
        CodeBlock code => code.Lines.ToString().TrimEnd(),
        LeafBlock { Inline: { } inline } => Of(inline),
        ListBlock list => string.Join('\n', list.Select((item, i) => Item(list, (ContainerBlock)item, i))),
        ContainerBlock container => string.Join("\n\n", container.Select(Of)),
        _ => "",
    };

    private static string Item(ListBlock list, ContainerBlock item, int index)
    {
        string bullet = list.IsOrdered ? (index + 1).ToString(CultureInfo.InvariantCulture) + ". " : "- ";
        string text = string.Join('\n', item.Select(Of));
        return bullet + text.Replace("\n", "\n" + new string(' ', bullet.Length), StringComparison.Ordinal);
    }

    private static string Of(ContainerInline inlines)
    {
        StringBuilder text = new();
        foreach (Inline inline in inlines)
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline { IsHard: true } => "\n",
                LineBreakInline => " ",
                LinkInline link when link.FirstChild is null => link.Url,
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                AutolinkInline link => link.Url,
                ContainerInline container => Of(container),
                _ => "",
            });
        }

        return text.ToString();
    }
}
