using System.Globalization;
using System.Xml.Linq;
using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class MeshReportTests
{
    private const string Hostile = "<script>alert('x')</script>&\u001b[31m\"";

    [Fact]
    public void Page_NeedsNothingElse()
    {
        string html = Html(
            ReportSamples.Works, ReportSamples.Split(), ReportSamples.Step(1, ShiftAction.RolledBack, 5));

        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Page(html).Descendants().Attributes(), attribute =>
            attribute.Name.LocalName is "src" or "href" or "style"
                || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.Contains("@media (prefers-color-scheme:dark)", html, StringComparison.Ordinal);
        Assert.Contains("@media print", html, StringComparison.Ordinal);
    }

    [Fact]
    public void SameResultsAtTheSameTime_GiveTheSamePage_InAnyCulture()
    {
        object[] items =
        [
            ReportSamples.Works, ReportSamples.Split(), ReportSamples.Step(1, ShiftAction.Passed, 5),
            ReportSamples.Drift(DriftSeverity.Error),
        ];
        CultureInfo before = CultureInfo.CurrentCulture;
        string here = Html(items);
        try
        {
            CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(here, Html(items));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Contains("2026-05-04 03:02 UTC", here, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_NeverBecomeMarkup()
    {
        MeshReport report = new();
        report.Add(ReportSamples.Works with { From = Hostile, Uri = new Uri("http://x/<script>"), Client = Hostile });
        report.Add(ReportSamples.Fails(PathStage.Http) with { Detail = Hostile });
        report.Add(
            ReportSamples.Works with
            {
                Hops = [new MeshHop { Greeting = Hostile, Name = Hostile, Version = Hostile }],
            });
        report.Add(
            ReportSamples.Split(version: Hostile) with
            {
                VirtualService = Hostile,
                Route = Hostile,
                Summary = Hostile,
            });
        report.Add(
            ReportSamples.Step(1, ShiftAction.RolledBack, 50) with { VirtualService = Hostile, Reason = Hostile });
        report.Add(
            ReportSamples.Drift(DriftSeverity.Error) with { Message = Hostile, Command = Hostile, Address = Hostile });
        string html = report.ToHtml(Hostile, ReportSamples.Now);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u001b', html);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Equal(Hostile.Replace('\u001b', '\uFFFD'), Page(html).Descendants("h1").Single().Value);
    }

    [Fact]
    public void Emoji_StaysAndHalfOfOneDoesNot()
    {
        XElement page = Page(new MeshReport().ToHtml("a\U0001F600b\uD83Dc", ReportSamples.Now));
        Assert.Equal("a\U0001F600b\uFFFDc", page.Descendants("h1").Single().Value);
    }

    [Fact]
    public void Pictures_HaveTitleAndDescriptionOfTheirOwn()
    {
        XElement page = Page(
            Html(ReportSamples.Works, ReportSamples.Split(), ReportSamples.Step(1, ShiftAction.RolledBack, 5)));
        XElement[] pictures = [.. page.Descendants("svg")];

        // Path, split, latency, time line, and the split and latency of the step that did not hold.
        Assert.Equal(6, pictures.Length);
        Assert.All(pictures, picture =>
        {
            Assert.Equal("img", picture.Attribute("role")!.Value);
            string[] ids = picture.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.Equal(ids, picture.Elements().Take(2).Select(element => element.Attribute("id")!.Value));
            Assert.All(picture.Elements().Take(2), element => Assert.NotEmpty(element.Value));
        });
        string[] all = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Theory]
    [InlineData(Verdict.Consistent, "good", "✓ All is well.")]
    [InlineData(Verdict.Inconsistent, "bad", "✕ Not as intended.")]
    [InlineData(Verdict.Undecided, "open", "? Not decided.")]
    public void Headline_SaysTheWorst(Verdict verdict, string style, string text)
    {
        (string @class, string headline) = Headline(ReportSamples.Works, ReportSamples.Split(verdict));
        Assert.Equal($"verdict {style}", @class);
        Assert.StartsWith(text, headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_OfARouteMeasuredTwice_TakesTheLast() =>
        Assert.Equal("verdict good", Headline(ReportSamples.Split(Verdict.Undecided), ReportSamples.Split()).Class);

    [Fact]
    public void Headline_SaysNothingTwice()
    {
        TrafficShiftStep done = ReportSamples.Step(3, ShiftAction.Completed, 100) with { Measurement = null };
        XElement page = Page(Html(done, done, ReportSamples.Fails(PathStage.Http)));
        Assert.Single(page.Descendants("section").First().Descendants("li"));
    }

    [Fact]
    public void Headline_WithoutAnythingJudged_ClaimsNothing()
    {
        (string @class, string text) = Headline();
        Assert.Equal("verdict plain", @class);
        Assert.Contains("No result came in", text, StringComparison.Ordinal);
        Assert.Contains("Nothing was judged", Headline(ReportSamples.App).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DriftSeverity.Error, "verdict bad")]
    [InlineData(DriftSeverity.Warning, "verdict open")]
    [InlineData(DriftSeverity.Information, "verdict good")]
    public void Headline_OfDisagreements_IsAsBadAsTheWorst(DriftSeverity severity, string @class) =>
        Assert.Equal(
            @class, Headline(ReportSamples.Drift(DriftSeverity.Information), ReportSamples.Drift(severity)).Class);

    [Theory]
    [InlineData(PathStage.Connect, null)]
    [InlineData(PathStage.Http, 503)]
    [InlineData(PathStage.Version, 200)]
    public void BrokenPath_ComesFirstWithItsStageAndDetail(PathStage stage, int? status)
    {
        XElement page = Page(Html(ReportSamples.Works, ReportSamples.Fails(stage, status)));
        XElement figure = page.Descendants("figure").First();

        Assert.Contains(figure.Descendants("text"), text => text.Value == $"✕ {stage}");
        Assert.Contains(figure.Descendants("line"), line => line.Attribute("class")!.Value == "arrow bad");
        Assert.Contains(
            $"came no further than {stage}; mend it.", figure.Element("figcaption")!.Value, StringComparison.Ordinal);
        Assert.StartsWith(
            "✕ Not as intended. 1 of 2 paths is broken: vm2", page.Descendants("section").Single().Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void PathsThatWentTheSameWay_AreDrawnOnce()
    {
        XElement page = Page(
            Html(ReportSamples.Works, ReportSamples.Works with { Latency = TimeSpan.FromMilliseconds(20) }));
        Assert.Contains(
            "12.5\u00A0ms to 20\u00A0ms; 2 times", Assert.Single(page.Descendants("figcaption")).Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Hops_ShowWhereTheyRunAndTheirVersion()
    {
        string[] texts = [.. Page(Html(ReportSamples.Works)).Descendants("text").Select(text => text.Value)];
        Assert.Equal(
            [
                "vm1", "by curl", "hello3-svc:8001", "/hello/eric", "HTTP 200", "VM v2", "vm-entry", "127.21.0.3",
                "pod v1", "hello3-pod", "127.21.0.9",
            ],
            texts);
    }

    [Fact]
    public void Split_BarsWhiskersAndMarksLieWhereTheFiguresSay()
    {
        XElement picture = Page(Html(ReportSamples.Split())).Descendants("svg").First();

        // The axis goes from 0 to 80 % over 590 units from 120 on: v1 has 30 %.
        XElement bar = picture.Elements("rect").Single(rect => rect.Attribute("class")!.Value == "v0");
        Assert.Equal(("120", "221.25"), (bar.Attribute("x")!.Value, bar.Attribute("width")!.Value));
        Assert.Contains(
            picture.Elements("line"),
            line => line.Attribute("x1")!.Value == "319.13" && line.Attribute("x2")!.Value == "363.38");
        Assert.Contains(
            picture.Elements("polygon"),
            mark => mark.Attribute("points")!.Value.StartsWith("341.25,", StringComparison.Ordinal));
        Assert.Contains(
            "v1: 30.0\u00A0% of 30\u00A0% asked for, interval 27.0 - 33.0\u00A0%", picture.Element("desc")!.Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Split_TellsHowManyRequestsItTakes() =>
        Assert.Contains(
            "There are 100 answers; telling a shift of 5 points takes 1,906.",
            Html(ReportSamples.Split(Verdict.Undecided)), StringComparison.Ordinal);

    [Fact]
    public void Split_WithoutAKnownCause_ClaimsNone()
    {
        TrafficDiagnosis unknown = new()
        {
            Cause = TrafficCause.Unknown,
            Message = "Nothing explains it.",
            Evidence = [],
        };
        string headline = Headline(ReportSamples.Split(Verdict.Inconsistent) with { Diagnosis = [unknown] }).Text;
        Assert.EndsWith("the shares asked for (30:60:10).", headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_ThatIsWrong_SaysWhyInTheHeadlineAndWhatMendsIt()
    {
        XElement page = Page(Html(ReportSamples.Split(Verdict.Inconsistent) with
        {
            Diagnosis =
            [
                new TrafficDiagnosis
                {
                    Cause = TrafficCause.WeightsNotInForce, Message = "Shares follow <endpoints>.",
                    Evidence = ["A", "B"],
                    Command = "Get-Something -Name 'x'",
                },
            ],
        }));
        XElement[] sections = [.. page.Descendants("section")];

        Assert.EndsWith("Most likely: Shares follow <endpoints>.", sections[0].Value, StringComparison.Ordinal);
        Assert.Equal(["A", "B"], sections[1].Descendants("li").Select(item => item.Value));
        Assert.Equal("Get-Something -Name 'x'", sections[1].Element("pre")!.Value);
    }

    [Fact]
    public void Shift_RolledBack_IsMarkedAndSoAreStepsNotReached()
    {
        XElement page = Page(
            Html(ReportSamples.Step(1, ShiftAction.Passed, 5), ReportSamples.Step(2, ShiftAction.RolledBack, 50)));
        XElement picture = page.Descendants("svg").First();
        string[] texts = [.. picture.Elements("text").Select(text => text.Value)];

        Assert.Contains("✕ rolled back", texts);
        Assert.Contains("↩ weights", texts);
        Assert.Contains("not reached", texts);
        Assert.Single(picture.Elements("rect"), rect => rect.Attribute("class")!.Value == "frame");
        Assert.Contains(
            "rolled back at step 2 of 3: Because of it.", page.Descendants("section").Single().Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Shift_ThatEndedInTheMiddle_IsNotCalledGood() =>
        Assert.Equal("verdict open", Headline(ReportSamples.Step(1, ShiftAction.Passed, 5)).Class);

    [Fact]
    public void Shifts_OneAfterTheOther_HaveATimeLineEach()
    {
        XElement page = Page(Html(
            ReportSamples.Step(1, ShiftAction.Passed, 5), ReportSamples.Step(3, ShiftAction.Completed, 100),
            ReportSamples.Step(1, ShiftAction.Passed, 5)));
        Assert.Equal(2, page.Descendants("svg").Count());
        Assert.Equal(
            ["hello2-vs, route http-hello-route (shift 1 of 2)", "hello2-vs, route http-hello-route (shift 2 of 2)"],
            page.Descendants("h3").Select(heading => heading.Value));
    }

    [Fact]
    public void UnknownKinds_AreRefusedByName()
    {
        MeshException e = Assert.Throws<MeshException>(() => new MeshReport().Add(new Version(1, 2)));
        Assert.Equal(MeshErrorCode.ArgumentInvalid, e.Code);
        Assert.Contains("System.Version", e.Message, StringComparison.Ordinal);
        Assert.Contains("Test-MeshPath", e.Message, StringComparison.Ordinal);
    }

    private static string Html(params object[] items) => ReportSamples.Html(items);

    private static XElement Page(string html) => ReportSamples.Page(html);

    private static (string Class, string Text) Headline(params object[] items)
    {
        XElement section = Page(Html(items)).Descendants("section").First();
        return (section.Attribute("class")!.Value, section.Value);
    }
}
