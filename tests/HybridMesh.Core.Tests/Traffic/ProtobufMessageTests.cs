using System.Collections;
using System.Collections.Specialized;
using System.Text;

namespace HybridMesh.Core.Tests;

public sealed class ProtobufMessageTests
{
    /// <summary>Messages and their bytes by the encoding's specification.</summary>
    public static TheoryData<IDictionary?, string> Messages => new()
    {
        { null, "" },
        { new Hashtable(), "" },
        { new Hashtable { ["name"] = "eric" }, "0A0465726963" },
        { new Hashtable { [1] = "eric" }, "0A0465726963" },
        { new Hashtable { ["1"] = "" }, "0A00" },
        { new Hashtable { [1] = "Zoë" }, "0A045A6FC3AB" },
        { new Hashtable { [1] = 150 }, "089601" },
        { new Hashtable { [1] = -1L }, "08FFFFFFFFFFFFFFFFFF01" },
        { new Hashtable { [1] = (sbyte)-1 }, "08FFFFFFFFFFFFFFFFFF01" },
        { new Hashtable { [1] = (ushort)150, [2] = 150U }, "089601109601" },
        { new Hashtable { [1] = ulong.MaxValue }, "08FFFFFFFFFFFFFFFFFF01" },
        { new Hashtable { [2] = true, [1] = false }, "08001001" },
        { new Hashtable { [3] = 1.0 }, "19000000000000F03F" },
        { new Hashtable { [16] = new byte[] { 1, 2 } }, "8201020102" },
        { new OrderedDictionary { ["3"] = new Hashtable { [1] = 150 } }, "1A03089601" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Write_Fields_AreEncodedInTheirOrder(IDictionary? fields, string hex) =>
        Assert.Equal(hex, Convert.ToHexString(ProtobufMessage.Write(fields)));

    [Theory]
    [InlineData("who")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("536870912")]
    [InlineData("")]
    public void Write_UnknownField_IsRefused(string key)
    {
        MeshException error = Assert.Throws<MeshException>(() => ProtobufMessage.Write(new Hashtable { [key] = "x" }));
        Assert.Equal((MeshErrorCode.ArgumentInvalid, (object?)key), (error.Code, error.ErrorTarget));
    }

    [Fact]
    public void Write_ValueOfNoKind_IsRefused() =>
        Assert.Contains("'1' is Uri", Assert.Throws<MeshException>(
            () => ProtobufMessage.Write(new Hashtable { [1] = new Uri("http://localhost/") })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0A0465726963", "eric")]
    [InlineData("", "")]
    [InlineData("1001190000000000000000250000000012026F6B0A0465726963", "eric")]
    [InlineData("0A01610A0162", "b")]
    public void TryReadText_Message_GivesFieldOne(string hex, string text)
    {
        Assert.True(ProtobufMessage.TryReadText(Convert.FromHexString(hex), out ReadOnlySpan<byte> found));
        Assert.Equal(text, Encoding.UTF8.GetString(found));
    }

    [Theory]
    [InlineData("0A05657269")]
    [InlineData("0A")]
    [InlineData("08")]
    [InlineData("0880")]
    [InlineData("1900")]
    [InlineData("0B")]
    [InlineData("00")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("0AFFFFFFFFFFFFFFFFFF01")]
    public void TryReadText_NoMessage_IsFalse(string hex) =>
        Assert.False(ProtobufMessage.TryReadText(Convert.FromHexString(hex), out _));
}
