using System.Globalization;
using System.Management.Automation;
using System.Xml.Linq;

namespace HybridMesh.Help;

/// <summary>Writes the XML that Get-Help reads about commands.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XDocument Document(IEnumerable<XElement> commands) =>
        new(new XElement(Msh + "helpItems", new XAttribute("schema", "maml"), commands));

    public static XElement Write(HelpPage page, CommandModel command)
    {
        Dictionary<string, IReadOnlyList<string>> texts = page.Parameters
            .ToDictionary(entry => entry.Name, entry => entry.Text, StringComparer.OrdinalIgnoreCase);
        IReadOnlyList<string> TextOf(string name) =>
            texts.TryGetValue(name, out IReadOnlyList<string>? text) ? text
            : command.Comment(name) is { } comment ? [comment] : [];
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", command.Name),
                new XElement(Command + "verb", command.Verb),
                new XElement(Command + "noun", command.Noun),
                Paragraphs("description", page.Synopsis)),
            Paragraphs("description", page.Description),
            new XElement(
                Command + "syntax",
                command.ParameterSets.Select(set => new XElement(
                    Command + "syntaxItem",
                    new XElement(Maml + "name", command.Name),
                    set.Parameters.Select(parameter => Parameter(parameter, TextOf(parameter.Name)))))),
            new XElement(
                Command + "parameters",
                command.Parameters.Select(parameter => Parameter(parameter, TextOf(parameter.Name)))),
            new XElement(Command + "inputTypes", page.Inputs.Select(entry => Typed("inputType", entry))),
            new XElement(Command + "returnValues", page.Outputs.Select(entry => Typed("returnValue", entry))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", page.Notes.Select(Paragraph))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Maml + "relatedLinks", Links(page)));
    }

    private static XElement Parameter(CommandParameterInfo parameter, IReadOnlyList<string> text)
    {
        string type = TypeName(parameter.ParameterType);
        bool isSwitch = parameter.ParameterType == typeof(SwitchParameter);
        return new XElement(
            Command + "parameter",
            new XAttribute("required", parameter.IsMandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.ParameterType.IsArray ? "true" : "false"),
            new XAttribute(
                "globbing", parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any() ? "true" : "false"),
            new XAttribute("pipelineInput", PipelineInput(parameter)),
            new XAttribute("position",
                parameter.Position < 0 ? "named" : parameter.Position.ToString(CultureInfo.InvariantCulture)),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Paragraphs("description", text),
            isSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), type),
            new XElement(Dev + "type", new XElement(Maml + "name", type)));
    }

    private static string PipelineInput(CommandParameterInfo parameter) =>
        (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByPropertyName, ByValue)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };

    // As PowerShell's own syntax lines have it: MeshVm[], int, hashtable.
    private static string TypeName(Type type) => Nullable.GetUnderlyingType(type) is { } inner
        ? TypeName(inner)
        : LanguagePrimitives.ConvertTo<string>(Microsoft.PowerShell.ToStringCodeMethods.Type(new PSObject(type)))
            .Split('.')[^1];

    private static XElement Typed(string element, HelpEntry entry) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Maml + "name", entry.Name)),
        Paragraphs("description", entry.Text));

    private static XElement Example(HelpExample example) => new(
        Command + "example",
        new XElement(Maml + "title", $"-------- {example.Title} --------"),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", example.Remarks.Select(Paragraph)));

    private static IEnumerable<XElement> Links(HelpPage page) => page.Links
        .SelectMany(
            line => line.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(link => new XElement(
            Maml + "navigationLink",
            new XElement(Maml + "linkText", link.TrimStart('-', ' ')),
            new XElement(Maml + "uri")));

    private static XElement Paragraphs(string element, IEnumerable<string> text) =>
        new(Maml + element, text.Select(Paragraph));

    private static XElement Paragraph(string text) => new(Maml + "para", text);
}
