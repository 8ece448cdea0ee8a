using System.Globalization;
using System.Text;

namespace HybridMesh.Core;

/// <summary>
/// The text of a hosts file. Our records stand in one block between two markers; every other line stays as it is, byte
/// for byte: its line end, tabs, comments, and bytes that are no UTF-8.
/// </summary>
internal sealed class HostsFile
{
    public const string BeginMarker = "# BEGIN HybridMesh (managed block, do not edit)";
    public const string EndMarker = "# END HybridMesh (managed block, do not edit)";

    // Latin-1 maps each byte to one character and back, whatever the file's encoding is.
    private static readonly Encoding Bytes = Encoding.Latin1;

    private readonly IReadOnlyList<Line> _lines;
    private readonly int _begin;
    private readonly int _end;

    private HostsFile(IReadOnlyList<Line> lines, int begin, int end)
    {
        _lines = lines;
        _begin = begin;
        _end = end;
        Entries = [.. lines.Select((line, i) => HostsEntry.Parse(i + 1, line.Text, IsInBlock(i))).OfType<HostsEntry>()];
    }

    /// <summary>The lines that give an address names.</summary>
    public IReadOnlyList<HostsEntry> Entries { get; }

    /// <summary>Whether there is a block of ours.</summary>
    public bool HasBlock => _begin >= 0;

    /// <summary>Our records, one per name.</summary>
    public IEnumerable<HostRecord> OwnRecords =>
        from entry in Entries
        where entry.IsOwn
        from name in entry.Names
        select HostRecord.Found(entry, name);

    /// <summary>Reads a file's content.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="described">The file, for messages: <c>/etc/hosts on VM 'vm1'</c>.</param>
    /// <exception cref="MeshException">HostsFileDamaged, when the block's markers don't pair up.</exception>
    public static HostsFile Parse(byte[] content, string described)
    {
        List<Line> lines = Split(Bytes.GetString(content));
        int[] begins = Positions(lines, BeginMarker);
        int[] ends = Positions(lines, EndMarker);
        if (begins.Length == 0 && ends.Length == 0)
        {
            return new HostsFile(lines, -1, -1);
        }

        if (begins.Length == 1 && ends.Length == 1 && begins[0] < ends[0])
        {
            return new HostsFile(lines, begins[0], ends[0]);
        }

        // Guessing where a block ends could delete somebody's lines.
        throw new MeshException(
            MeshErrorCode.HostsFileDamaged,
            $"The HybridMesh block in {described} is damaged: {Lines("begin", begins)}, {Lines("end", ends)}. Keep "
            + $"exactly one pair of the lines '{BeginMarker}' and '{EndMarker}', or none and no line between them, "
            + "then run again.");
    }

    /// <summary>The content as bytes.</summary>
    public byte[] ToBytes() => Bytes.GetBytes(string.Concat(_lines.Select(line => line.Text + line.End)));

    /// <summary>Our entry that gives a name an address of the record's family; null when there is none.</summary>
    public HostsEntry? FindOwn(HostRecord record) =>
        Entries.FirstOrDefault(entry => entry.IsOwn && record.IsNamedBy(entry));

    /// <summary>
    /// The foreign line that resolvers read before ours and that gives the name another address; null when none does.
    /// </summary>
    public HostsEntry? FindShadow(HostRecord record)
    {
        int limit = FindOwn(record)?.LineNumber ?? int.MaxValue;
        return Entries.FirstOrDefault(entry => !entry.IsOwn && entry.LineNumber < limit
            && record.IsNamedBy(entry) && !entry.Address.Equals(record.Address));
    }

    /// <summary>The file with records added to our block, or changed in it.</summary>
    public HostsFile With(IEnumerable<HostRecord> records)
    {
        string lineEnd = _lines.Select(line => line.End).FirstOrDefault(end => end.Length > 0) ?? "\n";
        List<Line> block = HasBlock ? [.. _lines.Skip(_begin + 1).Take(_end - _begin - 1)] : [];
        foreach (HostRecord record in records)
        {
            Put(block, record, lineEnd);
        }

        if (HasBlock)
        {
            return Rebuild([.. _lines.Take(_begin + 1), .. block, .. _lines.Skip(_end)]);
        }

        // A file without a final line end stays one: the last marker has none then, and Without undoes just that.
        List<Line> before = [.. _lines];
        string lastEnd = before is [.., { End: "" }] ? "" : lineEnd;
        if (before.Count > 0 && lastEnd.Length == 0)
        {
            before[^1] = before[^1] with { End = lineEnd };
        }

        return Rebuild([.. before, new(BeginMarker, lineEnd), .. block, new(EndMarker, lastEnd)]);
    }

    /// <summary>
    /// The file without those of our records that <paramref name="match"/> picks; the last one takes the block along.
    /// </summary>
    public HostsFile Without(Func<HostRecord, bool> match)
    {
        if (!HasBlock)
        {
            return this;
        }

        List<Line> block = [];
        foreach (Line line in _lines.Skip(_begin + 1).Take(_end - _begin - 1))
        {
            Line? rest = line.Without((entry, name) => match(HostRecord.Found(entry, name)));
            if (rest is not null)
            {
                block.Add(rest);
            }
        }

        if (block.Any(line => HostsEntry.Parse(0, line.Text, true) is not null))
        {
            return Rebuild([.. _lines.Take(_begin + 1), .. block, .. _lines.Skip(_end)]);
        }

        // What somebody wrote into the block stays, outside of it.
        List<Line> left = [.. _lines.Take(_begin), .. block];
        bool endedWithoutLineEnd = _end == _lines.Count - 1 && _lines[_end].End.Length == 0;
        if (endedWithoutLineEnd && left.Count > 0)
        {
            left[^1] = left[^1] with { End = "" };
        }

        return Rebuild([.. left, .. _lines.Skip(_end + 1)]);
    }

    private static void Put(List<Line> block, HostRecord record, string lineEnd)
    {
        int place = -1;
        for (int i = 0; i < block.Count; i++)
        {
            if (HostsEntry.Parse(0, block[i].Text, true) is not { } entry || !record.IsNamedBy(entry))
            {
                continue;
            }

            if (place < 0 && entry.Address.Equals(record.Address))
            {
                place = i; // there already; later lines about the name go
                continue;
            }

            Line? rest = block[i]
                .Without((_, name) => name.Equals(record.HostName, StringComparison.OrdinalIgnoreCase));
            if (place < 0)
            {
                place = i;
                block.Insert(i, new Line(record.ToString(), lineEnd));
                i++;
            }

            if (rest is null)
            {
                block.RemoveAt(i--);
            }
            else
            {
                block[i] = rest;
            }
        }

        if (place < 0)
        {
            block.Add(new Line(record.ToString(), lineEnd));
        }
    }

    private static HostsFile Rebuild(IReadOnlyList<Line> lines) => new(
        lines,
        Positions(lines, BeginMarker) is [int begin] ? begin : -1,
        Positions(lines, EndMarker) is [int end] ? end : -1);

    private bool IsInBlock(int index) => index > _begin && index < _end;

    private static int[] Positions(IReadOnlyList<Line> lines, string marker) =>
        [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].Text.TrimEnd(' ', '\t') == marker)];

    private static string Lines(string which, int[] positions) => positions.Length == 0
        ? $"no {which} line"
        : $"{which} at line "
            + string.Join(" and ", positions.Select(i => (i + 1).ToString(CultureInfo.InvariantCulture)));

    private static List<Line> Split(string text)
    {
        List<Line> lines = [];
        int start = 0;
        while (start < text.Length)
        {
            int feed = text.IndexOf('\n', start);
            int end = feed < 0 ? text.Length : feed;
            int visible = feed > start && text[feed - 1] == '\r' ? feed - 1 : end;
            int next = feed < 0 ? text.Length : feed + 1;
            lines.Add(new Line(text[start..visible], text[visible..next]));
            start = next;
        }

        return lines;
    }

    private sealed record Line(string Text, string End)
    {
        /// <summary>
        /// The line without some of its names; itself when it has none of them, null when none is left.
        /// </summary>
        public Line? Without(Func<HostsEntry, string, bool> match)
        {
            if (HostsEntry.Parse(0, Text, true) is not { } entry)
            {
                return this;
            }

            string[] kept = [.. entry.Names.Where(name => !match(entry, name))];
            return kept.Length == entry.Names.Count ? this
                : kept.Length == 0 ? null
                : this with { Text = $"{entry.Address} {string.Join(' ', kept)}" };
        }
    }
}
