using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class HopParserTests
{
    [Fact]
    public void Parse_BracketedShape_GivesGreetingWordAndAddress()
    {
        IReadOnlyList<MeshHop> hops = HopParser.Parse("Hello eric(172.18.0.230)<-Bonjour eric(192.168.0.171)<-Hello eric(172.18.1.36)\n");
        Assert.Equal(
            [("Hello", "eric", "172.18.0.230"), ("Bonjour", "eric", "192.168.0.171"), ("Hello", "eric", "172.18.1.36")],
            hops.Select(hop => (hop.Greeting, hop.Message, hop.Address)));
        Assert.All(hops, hop => Assert.Equal((HopKind.Unknown, null, null, null), (hop.Kind, hop.Version, hop.Name, hop.Latency)));
    }

    [Fact]
    public void Parse_AnnotatedShape_GivesNamesAndTimesToo()
    {
        IReadOnlyList<MeshHop> hops = HopParser.Parse(
            "Hello eric@hello1:172.18.0.230[12ms]<Bonjour eric@vm2:192.168.0.171[9ms]<Hello eric@hello3:172.18.1.36[0ms]");
        Assert.Equal(
            [("Hello", "hello1", "172.18.0.230", 12.0), ("Bonjour", "vm2", "192.168.0.171", 9.0), ("Hello", "hello3", "172.18.1.36", 0.0)],
            hops.Select(hop => (hop.Greeting, hop.Name, hop.Address, hop.Latency!.Value.TotalMilliseconds)));
    }

    [Fact]
    public void Parse_Bye_GivesThreeHopsOfWhichOnlyTheLastHasAnAddress() =>
        Assert.Equal(
            [("Bye bye", null), ("Au revoir", null), ("Bye bye", "172.18.1.36")],
            HopParser.Parse("Bye byeAu revoirBye bye(172.18.1.36)").Select(hop => (hop.Greeting, hop.Address)));

    [Fact]
    public void Parse_ByeAlone_IsOneHop() =>
        Assert.Equal("Adióbais", Assert.Single(HopParser.Parse("Adióbais(172.18.1.36)")).Greeting);

    [Theory]
    [InlineData("Hello a(b)<-c(10.0.0.1)", "a(b)<-c")]
    [InlineData("Hello (10.0.0.9)x(10.0.0.1)", "(10.0.0.9)x")]
    [InlineData("Hello svc testing msg(10.0.0.1)", "svc testing msg")]
    [InlineData("Hello a@b(10.0.0.1)", "a@b")]
    public void Parse_WordsThatLookLikeChains_StayWords(string text, string word) =>
        Assert.Equal((word, "10.0.0.1"), (Assert.Single(HopParser.Parse(text)).Message, HopParser.Parse(text)[0].Address));

    [Fact]
    public void Parse_IPv6_IsRead() =>
        Assert.Equal(["fd00::1", "fd00::2"], HopParser.Parse("Hello e(fd00::1)<-Hola e(fd00::2)").Select(hop => hop.Address));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no healthy upstream")]
    [InlineData("<html>(1.2.3.4)</html>")]
    [InlineData("Hello eric(999.1.1.1)")]
    [InlineData("Hello eric(1.2.3.4)<-broken")]
    [InlineData("Hello eric(1.2.3.4")]
    public void Parse_NoChain_GivesNone(string? text) => Assert.Empty(HopParser.Parse(text));

    [Fact]
    public void Parse_HugeText_GivesNoneAtOnce() => Assert.Empty(HopParser.Parse(new string('(', 1_000_000)));
}
