using System.Xml.Linq;
using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class ShiftPictureTests
{
    private static readonly TrafficWeight[] Before = [ReportSamples.Weight("v1", 70), ReportSamples.Weight("v2", 30)];

    [Fact]
    public void WeightsFromBefore_AreDrawnFirst_AndAgainAfterARollback()
    {
        XElement picture = Picture(
            ReportSamples.Step(1, ShiftAction.Passed, 40) with { PreviousWeights = Before },
            ReportSamples.Step(2, ShiftAction.RolledBack, 50) with { PreviousWeights = [] });
        string[] texts = Texts(picture);

        Assert.Equal(2, texts.Count(text => text == "v1 70\u00A0%"));
        Assert.True(Array.IndexOf(texts, "before") < Array.IndexOf(texts, "step 1"));
        Assert.True(Array.IndexOf(texts, "↩ weights") > Array.IndexOf(texts, "step 2"));
        Assert.Contains(
            "before: v1 70\u00A0%, v2 30\u00A0%;", picture.Element("desc")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void RollbackOfAResumedShift_ClaimsNoWeights()
    {
        XElement picture = Picture(ReportSamples.Step(2, ShiftAction.RolledBack, 50) with { PreviousWeights = Before });

        Assert.Single(Texts(picture), text => text == "v1 70\u00A0%");
        Assert.Equal(2, picture.Elements("rect").Count(rect => rect.Is("ghost")));
    }

    [Fact]
    public void StepForSomeRequests_ShowsThemBesideAllOthers()
    {
        string html = ReportSamples.Html(ReportSamples.Step(1, ShiftAction.Passed, 100) with
        {
            PreviousWeights = Before,
            Header = new Dictionary<string, string> { ["x-tester"] = "<yes>" },
        });
        XElement page = ReportSamples.Page(html);
        string[] texts = Texts(page.Descendants("svg").Single());

        Assert.Contains("only x-tester=<yes>", texts);
        Assert.Contains("all others", texts);
        Assert.Equal(2, texts.Count(text => text == "v1 70\u00A0%"));
        Assert.Contains(
            "only requests with x-tester=<yes>: v2\u00A0100\u00A0%; "
                + "all others keep v1\u00A070\u00A0%, v2\u00A030\u00A0%",
            page.Descendants("td").Select(cell => cell.Value));
        Assert.Contains(
            "to v2 100\u00A0% for requests with x-tester=<yes>", page.Descendants("section").First().Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderStepThatFailed_ShowsBothMeasurements()
    {
        XElement page = ReportSamples.Page(ReportSamples.Html(ReportSamples.Step(1, ShiftAction.RolledBack, 100) with
        {
            Header = new Dictionary<string, string> { ["x"] = "y" },
            MeasurementWithoutHeader = ReportSamples.Split(Verdict.Inconsistent),
        }));
        Assert.Equal(
            [
                "hello2-vs, route http-hello-route", "What step 1 measured of requests with x=y",
                "What step 1 measured of all other requests",
            ],
            page.Descendants("h3").Select(heading => heading.Value));
    }

    [Fact]
    public void ManySteps_HaveALegendAndNumbersInstead()
    {
        XElement picture = Picture([.. Enumerable.Range(1, 20).Select(i =>
            ReportSamples.Step(i, i == 20 ? ShiftAction.Completed : ShiftAction.Passed, i * 5) with { Steps = 20 })]);
        string[] texts = Texts(picture);

        Assert.Equal(["v1", "v2"], texts[..2]);
        Assert.Contains("20", texts);
        Assert.DoesNotContain("step 20", texts);
        (double Start, double End)[] times =
        [
            .. picture.Elements("text").Where(text => text.Value.EndsWith(" s", StringComparison.Ordinal))
                .Select(text => (text.Number("x"), text.Number("x") + SvgText.Measure(text.Value, 11))),
        ];
        Assert.NotEmpty(times);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
    }

    private static XElement Picture(params TrafficShiftStep[] steps) =>
        ReportSamples.Page(ReportSamples.Html([.. steps.Select(step => step with { Measurement = null })]))
            .Descendants("svg").Single();

    private static string[] Texts(XElement picture) =>
        [.. picture.Elements("text").Select(text => text.Nodes().OfType<XText>().Single().Value)];
}
