using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace HybridMesh.Help;

/// <summary>Turns pages into the files that Get-Help reads.</summary>
internal static class HelpBuilder
{
    public static void Build(string assemblyPath, string pagesFolder, string helpFolder)
    {
        Directory.CreateDirectory(helpFolder);
        CommandCatalog catalog = CommandCatalog.Load(assemblyPath);
        List<XElement> commands = [];
        foreach (string path in Directory.EnumerateFiles(pagesFolder, "*.md").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (name.StartsWith("about_", StringComparison.Ordinal))
            {
                File.WriteAllText(
                    Path.Combine(helpFolder, $"{name}.help.txt"), AboutTopic.Render(File.ReadAllText(path)));
            }
            else if (catalog.Find(name) is { } command)
            {
                commands.Add(MamlWriter.Write(HelpPage.Parse(path), command));
            }
        }

        XmlWriterSettings settings =
            new() { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };
        using XmlWriter writer = XmlWriter.Create(
            Path.Combine(helpFolder, Path.GetFileName(assemblyPath) + "-Help.xml"), settings);
        MamlWriter.Document(commands).Save(writer);
    }
}

/// <summary>A page that can't be turned into help.</summary>
internal sealed class HelpPageException(string page, string message) : Exception(message)
{
    public string Page { get; } = page;
}
