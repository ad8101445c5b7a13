using System.Globalization;
using System.IO.Enumeration;

namespace GpuNets.Peers;

/// <summary>Which sides of a case are run.</summary>
internal enum Side { Both, Ours, Peer }

/// <summary>The command line.</summary>
internal sealed record Arguments
{
    /// <summary>Printed for <c>--help</c>.</summary>
    public const string Usage = """
        GpuNets.Peers: the same work in GpuNets and in TorchSharp; one JSON object per line on stdout.
          --only PATTERN    cases whose name contains PATTERN, or matches it where it has * or ?; may be repeated
          --device NAME     device of GpuNets: cpu (default), opencl:0, ...; may be repeated
          --batches N       timed batches of each side (default 15)
          --batch-ms MS     least length of a batch in milliseconds (default 100)
          --peer-threads N  threads of libtorch (default 2)
          --markdown FILE   also writes the results as a table
          --side SIDE       both (default), ours or peer; one side alone is timed for profiling and has no ratio
          --golden FOLDER   (alone) writes outputs of libtorch that the tests compare with
          --list            the names of the cases and the bounds of their outputs
        """;

    public List<string> Patterns { get; } = [];
    public List<string> Devices { get; } = [];
    public int Batches { get; private set; } = 15;
    public double BatchMilliseconds { get; private set; } = 100;
    public int PeerThreads { get; private set; } = 2;
    public string? MarkdownFile { get; private set; }
    public Side Side { get; private set; } = Side.Both;
    public bool List { get; private set; }
    public bool Help { get; private set; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">An option is unknown or its value is not usable; the message says what would be.</exception>
    public static Arguments Parse(string[] words)
    {
        var result = new Arguments();
        for (int i = 0; i < words.Length; i++)
        {
            string option = words[i];
            string Value() => ++i < words.Length ? words[i] : throw new ArgumentException($"{option} needs a value; see --help.");
            switch (option)
            {
                case "--only": result.Patterns.Add(Value()); break;
                case "--device": result.Devices.Add(Value()); break;
                case "--batches": result.Batches = (int)Number(option, Value(), least: 1); break;
                case "--batch-ms": result.BatchMilliseconds = Number(option, Value(), least: 0); break;
                case "--peer-threads": result.PeerThreads = (int)Number(option, Value(), least: 1); break;
                case "--markdown": result.MarkdownFile = Value(); break;
                case "--side": result.Side = ParseSide(Value()); break;
                case "--list": result.List = true; break;
                case "--help" or "-h": result.Help = true; break;
                default: throw new ArgumentException($"Unknown option {option}; see --help.");
            }
        }
        if (result.Devices.Count == 0) result.Devices.Add("cpu");
        return result;
    }

    /// <summary>Whether the patterns let a case through.</summary>
    public bool Selects(string name) => Patterns.Count == 0 || Patterns.Exists(pattern => pattern.AsSpan().IndexOfAny('*', '?') >= 0
        ? FileSystemName.MatchesSimpleExpression(pattern, name)
        : name.Contains(pattern, StringComparison.OrdinalIgnoreCase));

    private static double Number(string option, string text, double least) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number < 1e6
            ? number
            : throw new ArgumentException($"{option} is '{text}' but must be a number from {least} to a million.");

    private static Side ParseSide(string text) => text switch
    {
        "both" => Side.Both,
        "ours" => Side.Ours,
        "peer" => Side.Peer,
        _ => throw new ArgumentException($"--side is '{text}' but must be both, ours or peer."),
    };
}
