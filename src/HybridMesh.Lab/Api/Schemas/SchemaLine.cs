namespace HybridMesh.Lab;

/// <summary>A line of a .schema file with the lines indented below it. README.md describes the notation.</summary>
internal sealed record SchemaLine(string Place, int Indent, string[] Words)
{
    private readonly List<SchemaLine> _below = [];

    public string Head => Words[0];

    public IReadOnlyList<SchemaLine> Below => _below;

    /// <summary>The lines of a file that stand at its margin.</summary>
    public static IReadOnlyList<SchemaLine> Read(string file, TextReader text)
    {
        SchemaLine root = new(file, -1, [file]);
        Stack<SchemaLine> open = new([root]);
        for (int number = 1; text.ReadLine() is { } line; number++)
        {
            string content = line.Trim();
            if (content.Length == 0 || content[0] == '#')
            {
                continue;
            }

            int indent = line.Length - line.TrimStart().Length;
            SchemaLine next = new(
                $"{file}:{number}", indent,
                content.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            while (open.Peek().Indent >= indent)
            {
                open.Pop();
            }

            SchemaLine above = open.Peek();
            if (above._below.Count > 0 && above._below[0].Indent != indent)
            {
                throw next.Wrong("is indented unlike the lines before it");
            }

            above._below.Add(next);
            open.Push(next);
        }

        return root.Below;
    }

    public FormatException Wrong(string because) => new($"{Place}: \"{string.Join(' ', Words)}\" {because}.");
}
