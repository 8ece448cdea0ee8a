using System.Xml.Linq;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>The verdict on top of a report: the worst there is in one sentence, then the rest point by point.</summary>
internal static class ReportHeadline
{
    private const int MostPoints = 12;
    private const string NoResult = "No result came in: nothing was measured, nothing is listed";
    private const string Nothing = "Nothing was judged: this report only lists what is there";

    /// <summary>The verdict's box.</summary>
    /// <param name="facts">What the results say.</param>
    /// <param name="isEmpty">Whether there are no results at all.</param>
    public static XElement Render(IReadOnlyList<ReportFact> facts, bool isEmpty)
    {
        facts = [.. facts.Distinct()];
        ReportState state = facts.Count == 0 ? ReportState.Plain : facts.Max(fact => fact.State);
        ReportFact[] decisive = [.. facts.Where(fact => fact.State == state)];
        string sentence = isEmpty ? NoResult : decisive.Length == 0 ? Nothing : decisive[0].Text;
        return Html.Classed(
            "section", $"verdict {ReportContext.Style(state)}",
            new XAttribute("aria-label", "Verdict"),
            Html.Of(
                "p", Word(state) is { } word ? Html.Of("b", $"{ReportContext.Sign(state)} {word} ") : null,
                $"{sentence}."),
            facts.Count <= 1 ? null : Html.Of("ul", Points([.. facts.Where(fact => fact != decisive[0])])));
    }

    private static IEnumerable<XElement> Points(ReportFact[] facts)
    {
        foreach (ReportFact fact in facts.OrderByDescending(fact => fact.State).Take(MostPoints))
        {
            yield return Html.Of(
                "li", Html.Classed("b", ReportContext.Style(fact.State), ReportContext.Sign(fact.State)),
                $"{fact.Text}.");
        }

        if (facts.Length > MostPoints)
        {
            yield return Html.Of("li", Invariant($"And {facts.Length - MostPoints:N0} more, none of them worse."));
        }
    }

    private static string? Word(ReportState state) => state switch
    {
        ReportState.Good => "All is well.",
        ReportState.Bad => "Not as intended.",
        ReportState.Open => "Not decided.",
        _ => null,
    };
}
