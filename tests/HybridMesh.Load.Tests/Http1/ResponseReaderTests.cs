using System.Text;

namespace HybridMesh.Load.Tests;

public sealed class ResponseReaderTests
{
    private const string Next = "HTTP/1.1 200 OK\r\n";

    /// <summary>Answers as real servers send them: bytes, status, body, kept, captured header.</summary>
    public static TheoryData<string, int, string, bool, string?> Answers => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Version: v2\r\n\r\nhello", 200, "hello", true, "v2" },
        { "HTTP/1.1 200\r\ncontent-LENGTH:5\r\n\r\nhello", 200, "hello", true, null },
        { "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, "hello", true, null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true, null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true, null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", 200, "hello", false, null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x, Close\r\n\r\nhello", 200, "hello", false, null },
        {
            "HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
            200, "hello", false, null
        },
        { "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false, null },
        { "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: Keep-Alive\r\n\r\nhello", 200, "hello", true, null },
        { "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, "", true, null },
        { "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 304, "", true, null },
        {
            "HTTP/1.1 100 Continue\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nX-Version: v1\r\nLink: a\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            200, "ok", true, null
        },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, "hello", true, null },
        {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
                + "2;a=\"b\"\r\nhe\r\n003\r\nllo\r\n0;x\r\nX-Version: v9\r\nTrailer: y\r\n\r\n",
            200, "hello", true, null
        },
        {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA \r\n0123456789\r\n0\r\n\r\n",
            200, "0123456789", true, null
        },
        {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            200, "hello", false, null
        },
        {
            "HTTP/1.1 200 OK\r\nX-Version: v1\r\n  beta\r\nX-Version: v2\r\nConnection: x,\r\n\tclose\r\n"
                + "Content-Length: 2\r\n\r\nok",
            200, "ok", false, "v1 beta,v2"
        },
        {
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 19\r\n\r\nno healthy upstream",
            503, "no healthy upstream", true, null
        },
        { "HTTP/1.1 200 OK\r\nX-Version:\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true, "" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Read_CutAnywhere_IsTheSameAnswerAndLeavesTheNextAlone(
        string answer, int status, string body, bool kept, string? captured)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(answer + Next);
        int length = answer.Length;
        ResponseReader reader = new("x-version", 1024);
        for (int first = 0; first <= length; first++)
        {
            for (int second = first; second <= length; second++)
            {
                reader.Reset();
                int used = Feed(reader, bytes, [first, second, bytes.Length]);
                Assert.Equal(length, used);
                Check(reader, status, body, kept, captured);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Read_ByteByByte_IsTheSameAnswer(string answer, int status, string body, bool kept, string? captured)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(answer);
        ResponseReader reader = new("X-Version", 1024);
        reader.Reset();
        Assert.Equal(bytes.Length, Feed(reader, bytes, [.. Enumerable.Range(1, bytes.Length)]));
        Check(reader, status, body, kept, captured);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nuntil the end")]
    public void End_BodyWithoutLength_IsItsEnd(string answer)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(answer);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            ResponseReader reader = new(null, 1024);
            reader.Reset();
            Assert.False(reader.Read(bytes.AsSpan(0, cut), out _));
            Assert.False(reader.Read(bytes.AsSpan(cut), out _));
            reader.End();
            Check(reader, 200, "until the end", kept: false, null);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "in the middle")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "in the middle")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "in the middle")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "in the middle")]
    [InlineData("", "without an answer")]
    public void End_InTheMiddle_IsAnError(string answer, string says)
    {
        ResponseReader reader = new(null, 1024);
        reader.Reset();
        Assert.False(reader.Read(Encoding.ASCII.GetBytes(answer), out _));
        Assert.Contains(says, Assert.Throws<HttpFormatException>(reader.End).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n", "'SSH-2.0-OpenSSH_9.2p1'")]
    [InlineData("\u0015\u0003\u0001 alert of TLS\n", "'??? alert of TLS'")]
    [InlineData("HTTP/2 200\r\n", "'HTTP/2 200'")]
    [InlineData("HTTP/1.1 20 OK\r\n", "status line")]
    [InlineData("HTTP/1.1 2000 OK\r\n", "status line")]
    [InlineData("HTTP/1.1 099 OK\r\n", "status line")]
    [InlineData("\r\n", "status line")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n", "101")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n", "'no colon here'")]
    [InlineData("HTTP/1.1 200 OK\r\n: nameless\r\n", "malformed header")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 5\r\n", "malformed header")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n", "'-5'")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: five\r\n", "'five'")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: \r\n", "Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n", "Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n 6\r\n", "Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n", "two lengths, 5 and 6")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "chunk size 'xyz'")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "chunk size ''")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "chunk size '-1'")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", "chunk size")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", "goes on with 'llo'")]
    public void Read_NoHttp_SaysWhatIsWrong(string answer, string says)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(answer);
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            ResponseReader reader = new(null, 1024);
            reader.Reset();
            HttpFormatException error =
                Assert.Throws<HttpFormatException>(() => Feed(reader, bytes, [cut, bytes.Length]));
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: 0123456789\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n", " folded\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "y")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", "y")]
    public void Read_EndlessHead_IsRefusedAfterAFewKilobytes(string start, string again)
    {
        ResponseReader reader = new(null, 1024);
        reader.Reset();
        reader.Read(Encoding.ASCII.GetBytes(start), out _);
        byte[] more = Encoding.ASCII.GetBytes(again);
        int fed = 0;
        Assert.Throws<HttpFormatException>(() =>
        {
            for (; fed < 10 * ResponseReader.MaxHead; fed += more.Length)
            {
                reader.Read(more, out _);
            }
        });
        Assert.InRange(fed, 1000, ResponseReader.MaxHead + 100);
    }

    [Fact]
    public void Read_LongBodyOfKnownLength_IsReadToItsEndButKeptUpToTheBound()
    {
        ResponseReader reader = new(null, 10);
        reader.Reset();
        Assert.False(reader.Read("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n0123456789ab"u8, out _));
        byte[] block = new byte[1_000_000];
        for (long left = 5_000_000_000 - 12; left > block.Length; left -= block.Length)
        {
            Assert.False(reader.Read(block, out _));
        }

        Assert.True(reader.Read(block, out int used));
        Assert.Equal(block.Length - 12, used);
        Assert.Equal(("0123456789", true), (Encoding.ASCII.GetString(reader.Body), reader.KeepAlive));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n")]
    public void Read_BodyThatMayNeverEnd_IsLeftAtTheBound(string head)
    {
        ResponseReader reader = new(null, 10);
        reader.Reset();
        Assert.True(reader.Read(Encoding.ASCII.GetBytes(head + "0123456789abc"), out _));
        Check(reader, 200, "0123456789", kept: false, null);
    }

    [Fact]
    public void Read_AMillionAnswers_AllocatesNothing()
    {
        byte[] answer =
            "HTTP/1.1 200 OK\r\nX-Version: v1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"u8.ToArray();
        ResponseReader reader = new("x-version", 1024);
        long before = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            if (i == 10)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            reader.Reset();
            reader.Read(answer.AsSpan(0, 40), out _);
            Assert.True(reader.Read(answer.AsSpan(40), out _));
            _ = reader.Captured!.Length;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    // Feeds the parts up to each cut; returns how many bytes were used.
    private static int Feed(ResponseReader reader, byte[] bytes, int[] cuts)
    {
        int start = 0;
        foreach (int cut in cuts)
        {
            bool complete = reader.Read(bytes.AsSpan(start, cut - start), out int used);
            start += used;
            if (complete)
            {
                return start;
            }
        }

        Assert.Fail($"Not complete after {start} bytes.");
        return start;
    }

    private static void Check(ResponseReader reader, int status, string body, bool kept, string? captured) =>
        Assert.Equal(
            (status, body, kept, captured),
            (reader.Status, Encoding.ASCII.GetString(reader.Body), reader.KeepAlive, reader.Captured));
}
