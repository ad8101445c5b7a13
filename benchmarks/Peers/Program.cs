using GpuNets.Peers;
using TorchPeers;

if (args is ["--golden", var attention, "attention"])
{
    AttentionGolden.Write(attention);
    return 0;
}
if (args is ["--golden", var convolution, "convolution"])
{
    ConvGolden.Write(convolution);
    return 0;
}
if (args is ["--golden", var normalization, "normalization"])
{
    NormalizationGolden.Write(normalization);
    return 0;
}
if (args is ["--golden", var folder])
{
    RecurrentGolden.Write(folder);
    return 0;
}
Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
if (arguments.Help)
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}
PeerCase[] cases = [.. Catalogue.Cases.Where(work => arguments.Selects(work.Name))];
if (cases.Length == 0)
{
    Console.Error.WriteLine($"No case matches {string.Join(", ", arguments.Patterns)}; --list names them.");
    return 2;
}
if (arguments.List)
{
    foreach (var work in cases) Console.WriteLine(new Report(work.Name, null) { Bound = work.Bound, Mark = work.Mark }.ToJson());
    return 0;
}
if (arguments.Side != Side.Ours)
{
    if (!TorchRuntime.IsPassive) return TorchRuntime.RunPassive(args);
    TorchRuntime.Configure(arguments.PeerThreads);
}

List<Report> reports = [];
foreach (string device in arguments.Devices)
{
    foreach (var work in cases)
    {
        reports.Add(Comparison.Run(work, device, arguments));
        Console.WriteLine(reports[^1].ToJson());
    }
}
if (arguments.MarkdownFile is { } file) MarkdownTable.Write(file, reports, "GpuNets.Peers " + string.Join(' ', args));
return reports.Exists(report => report.Error is not null) ? 1 : 0;
