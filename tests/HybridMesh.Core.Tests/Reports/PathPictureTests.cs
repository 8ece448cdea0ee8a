using System.Xml.Linq;
using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class PathPictureTests
{
    [Fact]
    public void WrongVersion_MarksItsHopAlone_AndSaysWhatWasExpected()
    {
        XElement picture = Picture(Wrong(PathStage.Version, 2, ["v1", "v9", "v3"], 3));

        Assert.Equal(
            ["box", "box", "box", "box vm bad", "box"], Boxes(picture).Select(box => box.Attribute("class")!.Value));
        string[] texts = Texts(picture);
        Assert.Equal(Array.IndexOf(texts, "✕ Version") + 1, Array.IndexOf(texts, "VM v2"));
        Assert.Contains("expected v9 ✕", texts);
    }

    [Fact]
    public void WrongVersion_OfAnUnknownHop_PutsAllInDoubt() =>
        Assert.Equal(3, Boxes(Picture(Wrong(PathStage.Version, null, [], 3))).Count(box => box.Is("bad")));

    [Fact]
    public void HopThatIsMissing_IsDrawnWhereItShouldBe()
    {
        XElement picture = Picture(Wrong(PathStage.Chain, 3, ["v1", "v2", "v3"], 2));

        Assert.Equal("box ghost bad", Boxes(picture)[^1].Attribute("class")!.Value);
        Assert.Single(Boxes(picture), box => box.Is("bad"));
        Assert.Equal(["✕ Chain", "missing", "expected v3", "no such hop ✕"], Texts(picture)[^4..]);
    }

    [Fact]
    public void HopTooMany_IsMarked() =>
        Assert.Contains("not expected ✕", Texts(Picture(Wrong(PathStage.Chain, 2, ["v1"], 2))));

    [Theory]
    [InlineData(7, 0)]
    [InlineData(13, 0)]
    [InlineData(14, 2)]
    [InlineData(40, 28)]
    public void LongChain_GoesOnInFurtherRows_AndSaysHowManyAreLeftOut(int hops, int left)
    {
        XElement picture = Picture(ReportSamples.Works with { Hops = Hops(hops) });
        string[] texts = Texts(picture);

        Assert.Equal(
            left == 0 ? [] : [$"{left} more hops"],
            texts.Where(text => text.EndsWith("more hops", StringComparison.Ordinal)));
        Assert.Equal(
            hops - left,
            texts.Count(text =>
                text.StartsWith("pod v", StringComparison.Ordinal)
                || text.StartsWith("VM v", StringComparison.Ordinal)));
        Assert.Contains(texts, text => text.EndsWith($" v{hops}", StringComparison.Ordinal));
        NothingOverlaps(picture);
    }

    [Fact]
    public void LongChain_NeverLeavesTheHopAtFaultOut()
    {
        for (int fault = 1; fault <= 41; fault++)
        {
            XElement picture = Picture(Wrong(PathStage.Version, fault, [], 40));
            Assert.Contains("✕ Version", Texts(picture));
            Assert.Single(Boxes(picture), box => box.Is("bad"));
            NothingOverlaps(picture);
        }
    }

    [Fact]
    public void LongNames_KeepTheirEnds_AndShowAllToAPointer()
    {
        string name = $"hello1-deploy-{new string('x', 90)}-a87b3921f0-rbdnh";
        XElement picture = Picture(ReportSamples.Works with { From = name });

        Assert.Contains(picture.Descendants("text"), text =>
            text.Element("title")?.Value == name && text.Value.EndsWith("rbdnh", StringComparison.Ordinal));
    }

    private static MeshPath Wrong(PathStage stage, int? hop, string[] expected, int hops) =>
        ReportSamples.Fails(stage, 200) with { FailedHop = hop, ExpectedChain = expected, Hops = Hops(hops) };

    private static MeshHop[] Hops(int count) =>
    [
        .. Enumerable.Range(1, count).Select(i => new MeshHop
        {
            Greeting = "Hello", Kind = i % 2 == 0 ? HopKind.Vm : HopKind.Pod, Version = $"v{i}",
            Name = $"hello{i}-deploy-a87b3921f0-rbdnh", Address = $"127.21.0.{i}",
        }),
    ];

    private static XElement Picture(MeshPath path) =>
        ReportSamples.Page(ReportSamples.Html(path)).Descendants("svg").Single();

    private static XElement[] Boxes(XElement picture) => [.. picture.Elements("rect").Where(rect => rect.Is("box"))];

    private static string[] Texts(XElement picture) =>
        [.. picture.Elements("text").Select(text => text.Nodes().OfType<XText>().Single().Value)];

    private static void NothingOverlaps(XElement picture)
    {
        string[] size = picture.Attribute("viewBox")!.Value.Split(' ');
        (double Left, double Right, double Top, double Bottom)[] boxes =
        [
            .. Boxes(picture).Select(box => (box.Number("x"), box.Number("x") + box.Number("width"),
                box.Number("y"), box.Number("y") + box.Number("height"))),
        ];
        Assert.All(boxes, box =>
        {
            Assert.True(
                box.Left >= 0 && box.Right <= double.Parse(size[2], System.Globalization.CultureInfo.InvariantCulture));
            Assert.True(
                box.Top >= 0 && box.Bottom <= double.Parse(size[3], System.Globalization.CultureInfo.InvariantCulture));
            Assert.DoesNotContain(boxes, other => other != box && other.Left < box.Right && box.Left < other.Right
                && other.Top < box.Bottom && box.Top < other.Bottom);
        });
    }
}
