using System.Text;

namespace HybridMesh.Core.Tests;

public sealed class HostsFileTests
{
    private const string Begin = HostsFile.BeginMarker;
    private const string End = HostsFile.EndMarker;
    private const string Foreign = "127.0.0.1\tlocalhost # here\n\n  ::1  ip6-localhost\n";

    private static readonly HostRecord Svc = new("hello3-svc.ns.svc.cluster.local", "172.19.0.3");
    private static readonly HostRecord Other = new("hello1-svc.ns.svc.cluster.local", "172.19.0.1");

    [Fact]
    public void With_NoBlock_AppendsOne()
    {
        Assert.Equal($"{Foreign}{Begin}\n{Svc}\n{End}\n", Text(Parse(Foreign).With([Svc])));
    }

    [Fact]
    public void With_EmptyFile_IsTheBlockAlone()
    {
        Assert.Equal($"{Begin}\n{Svc}\n{End}\n", Text(Parse("").With([Svc])));
    }

    [Fact]
    public void With_RecordThere_IsByteIdentical()
    {
        string text = $"{Foreign}{Begin}\n172.19.0.3\t{Svc.HostName}  # ours\n{End}\ntail";

        Assert.Equal(text, Text(Parse(text).With([Svc])));
    }

    [Fact]
    public void With_OtherAddress_ReplacesOnlyItsLine()
    {
        string text = $"a\n{Begin}\n# note\n10.0.0.1 {Svc.HostName}\n{Other}\n{End}\nb\n";

        Assert.Equal($"a\n{Begin}\n# note\n{Svc}\n{Other}\n{End}\nb\n", Text(Parse(text).With([Svc])));
    }

    [Fact]
    public void With_SameNameTwiceInBlock_LeavesOne()
    {
        string text = $"{Begin}\n10.0.0.1 {Svc.HostName} alias\n{Svc}\n{Svc}\n{End}\n";

        Assert.Equal($"{Begin}\n{Svc}\n10.0.0.1 alias\n{End}\n", Text(Parse(text).With([Svc])));
    }

    [Fact]
    public void With_NameOfTheOtherFamily_IsARecordOfItsOwn()
    {
        HostRecord six = new(Svc.HostName, "fd00::3");

        Assert.Equal($"{Begin}\n{Svc}\n{six}\n{End}\n", Text(Parse("").With([Svc, six])));
    }

    [Fact]
    public void With_NameThatOnlyStartsAlike_LeavesItAlone()
    {
        HostRecord longer = new("hello3-svc2", "172.19.0.9");
        HostRecord shorter = new("hello3-svc", "172.19.0.8");

        Assert.Equal($"{Begin}\n{longer}\n{shorter}\n{End}\n", Text(Parse("").With([longer]).With([shorter])));
    }

    [Fact]
    public void With_MarkerThatOnlyStartsLikeOurs_IsForeign()
    {
        string text = $"{Begin} 2\n10.0.0.1 x\n{End} 2\n";

        Assert.Equal($"{text}{Begin}\n{Svc}\n{End}\n", Text(Parse(text).With([Svc])));
    }

    [Fact]
    public void With_WindowsLineEnds_WritesThemToo()
    {
        Assert.Equal($"127.0.0.1 a\r\n{Begin}\r\n{Svc}\r\n{End}\r\n", Text(Parse("127.0.0.1 a\r\n").With([Svc])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1 a")]
    [InlineData("127.0.0.1 a\n")]
    [InlineData("127.0.0.1 a\r\n")]
    [InlineData("127.0.0.1 a\r\n10.0.0.1 b")]
    [InlineData("\n\n\t# only a comment\n\n")]
    [InlineData("127.0.0.1 a\rb\n\n")]
    public void Without_AfterWith_RestoresTheFileByteForByte(string text)
    {
        HostsFile added = Parse(text).With([Svc]).With([Other]);

        Assert.Equal(text, Text(added.Without(_ => true)));
        Assert.Equal(text, Text(Reparse(added).Without(record => record.HostName == Svc.HostName).Without(_ => true)));
    }

    [Fact]
    public void With_BytesThatAreNoText_KeepsThem()
    {
        byte[] content = [.. "10.0.0.1 caf"u8, 0xE9, 0x00, 0xFF, 0xC3, 0x28, .. "\n"u8];

        byte[] written = HostsFile.Parse(content, "f").With([Svc]).ToBytes();

        Assert.Equal(content, written[..content.Length]);
        Assert.Equal(content, HostsFile.Parse(written, "f").Without(_ => true).ToBytes());
    }

    [Fact]
    public void Without_OneOfTwo_KeepsTheOther()
    {
        string text = $"a\n{Begin}\n{Svc}\n{Other}\n{End}\nb\n";

        HostsFile left = Parse(text).Without(record => record.HostName == Svc.HostName);

        Assert.Equal($"a\n{Begin}\n{Other}\n{End}\nb\n", Text(left));
        Assert.True(left.HasBlock);
    }

    [Fact]
    public void Without_NoSuchRecord_IsByteIdentical()
    {
        string text = $"{Begin}\n{Svc}\n{End}\n";

        Assert.Equal(text, Text(Parse(text).Without(record => record.HostName == "x")));
    }

    [Fact]
    public void Without_LastRecord_KeepsWhatSomebodyWroteIntoTheBlock()
    {
        HostsFile left = Parse($"a\n{Begin}\n# mine\n{Svc}\n{End}\nb\n").Without(_ => true);

        Assert.Equal("a\n# mine\nb\n", Text(left));
        Assert.False(left.HasBlock);
    }

    [Theory]
    [InlineData("B\n10.0.0.1 a\n", "begin at line 1, no end line")]
    [InlineData("x\nE\n", "no begin line, end at line 2")]
    [InlineData("B\nE\nB\nE\n", "begin at line 1 and 3, end at line 2 and 4")]
    [InlineData("E\nB\n", "begin at line 2, end at line 1")]
    [InlineData("B\nB\nE\n", "begin at line 1 and 2, end at line 3")]
    public void Parse_MarkersThatDoNotPair_IsHostsFileDamagedNamingLines(string shape, string named)
    {
        string text = shape.Replace("B", Begin, StringComparison.Ordinal).Replace("E\n", End + "\n", StringComparison.Ordinal);

        MeshException error = Assert.Throws<MeshException>(() => Parse(text));

        Assert.Equal(MeshErrorCode.HostsFileDamaged, error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindShadow_EarlierForeignLineWithAnotherAddress_IsFound()
    {
        HostsFile file = Parse($"10.9.9.9 x {Svc.HostName.ToUpperInvariant()}\n{Begin}\n{Svc}\n{End}\n");

        Assert.Equal(1, file.FindShadow(Svc)?.LineNumber);
    }

    [Theory]
    [InlineData("# 10.9.9.9 hello3-svc.ns.svc.cluster.local\n", "")] // a comment
    [InlineData("10.9.9.9 hello3-svc\n", "")] // another name
    [InlineData("172.19.0.3 hello3-svc.ns.svc.cluster.local\n", "")] // the same address
    [InlineData("fd00::9 hello3-svc.ns.svc.cluster.local\n", "")] // another family
    [InlineData("", "10.9.9.9 hello3-svc.ns.svc.cluster.local\n")] // later: ours is read first
    public void FindShadow_LineThatHidesNothing_IsNone(string before, string after)
    {
        Assert.Null(Parse($"{before}{Begin}\n{Svc}\n{End}\n{after}").FindShadow(Svc));
    }

    [Theory]
    [InlineData("a b", "10.0.0.1")]
    [InlineData("", "10.0.0.1")]
    [InlineData("a\n10.0.0.2 b", "10.0.0.1")]
    [InlineData("-a", "10.0.0.1")]
    [InlineData("a", "10.1")]
    [InlineData("a", "10.0.0.256")]
    [InlineData("a", "name")]
    [InlineData("a", "fe80::1%eth0")]
    public void HostRecord_WhatAHostsFileCannotHold_IsArgumentInvalid(string name, string address)
    {
        Assert.Equal(
            MeshErrorCode.ArgumentInvalid, Assert.Throws<MeshException>(() => new HostRecord(name, address)).Code);
    }

    private static HostsFile Parse(string text) => HostsFile.Parse(Encoding.Latin1.GetBytes(text), "/etc/hosts on VM 'vm1'");

    private static HostsFile Reparse(HostsFile file) => HostsFile.Parse(file.ToBytes(), "f");

    private static string Text(HostsFile file) => Encoding.Latin1.GetString(file.ToBytes());
}
