using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace GpuNets;

/// <summary>
/// Reads and checks the JSON header of a safetensors file: {"name": {"dtype", "shape", "data_offsets": [begin, end]}, ...,
/// "__metadata__": {"key": "text"}}. The tensors must cover the data part exactly: no gap, no overlap, nothing left over.
/// </summary>
internal ref struct SafetensorsHeader
{
    /// <summary>The key whose value is text about the file instead of a tensor.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>Longest header the format's reference implementation accepts.</summary>
    public const long MaxBytes = 100_000_000;

    /// <summary>More dimensions than any tensor library has; stops absurd shapes from taking memory.</summary>
    private const int MaxRank = 64;

    private readonly string _file;
    private readonly List<StateEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];
    private Utf8JsonReader _json;
    private string? _tensor;

    private SafetensorsHeader(string file, ReadOnlySpan<byte> header)
    {
        _file = file;
        _json = new Utf8JsonReader(header);
    }

    /// <summary>Parses a header for a data part of <paramref name="dataBytes"/> bytes; entries come in file order.</summary>
    public static (IReadOnlyList<StateEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(
        string file, ReadOnlySpan<byte> header, long dataBytes)
    {
        if (!Utf8.IsValid(header)) throw new StateDictException(file, null, "the header is not valid UTF-8 text");
        var parser = new SafetensorsHeader(file, header);
        try
        {
            parser.ReadAll();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is valid UTF-8 but holds half of a surrogate pair as an escape.
            throw new StateDictException(file, parser._tensor, $"the header is not valid JSON ({e.Message})", e);
        }
        parser._entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        CheckCover(file, parser._entries, dataBytes);
        return (parser._entries, parser._metadata);
    }

    private void ReadAll()
    {
        var names = new HashSet<string>();
        _json.Read();
        Expect(JsonTokenType.StartObject, "the header");
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string name = _json.GetString()!;
            if (!names.Add(name)) throw Error($"the name {StateDictException.Quote(name)} occurs twice");
            if (name == MetadataName)
            {
                ReadMetadata();
                continue;
            }
            _tensor = name;
            ReadTensor(name);
            _tensor = null;
        }
        if (_json.Read()) throw Error("the header goes on after its closing brace");
    }

    private void ReadMetadata()
    {
        _json.Read();
        Expect(JsonTokenType.StartObject, MetadataName);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string key = _json.GetString()!;
            _json.Read();
            Expect(JsonTokenType.String, $"{MetadataName} entry {StateDictException.Quote(key)}");
            if (!_metadata.TryAdd(key, _json.GetString()!))
                throw Error($"{MetadataName} entry {StateDictException.Quote(key)} occurs twice");
        }
    }

    private void ReadTensor(string name)
    {
        SafetensorsType? type = null;
        ImmutableArray<long>? shape = null;
        ImmutableArray<long>? offsets = null;
        _json.Read();
        Expect(JsonTokenType.StartObject, "the description");
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string field = _json.GetString()!;
            _json.Read();
            switch (field)
            {
                case "dtype" when type is null: type = ReadType(); break;
                case "shape" when shape is null: shape = ReadNumbers("shape", MaxRank); break;
                case "data_offsets" when offsets is null: offsets = ReadNumbers("data_offsets", 2); break;
                case "dtype" or "shape" or "data_offsets": throw Error($"the field {field} occurs twice");
                default: _json.Skip(); break;
            }
        }
        if (type is null) throw Error("the field dtype is missing");
        if (shape is null) throw Error("the field shape is missing");
        if (offsets is null) throw Error("the field data_offsets is missing");
        if (offsets.Value.Length != 2) throw Error($"data_offsets has {offsets.Value.Length} numbers, expected 2");
        _entries.Add(Checked(name, type.Value, shape.Value, offsets.Value[0], offsets.Value[1]));
    }

    private readonly StateEntry Checked(string name, SafetensorsType type, ImmutableArray<long> shape, long begin, long end)
    {
        if (end < begin) throw Error($"data_offsets [{begin}, {end}] end before they begin");
        long bits;
        try
        {
            bits = checked(StateTensor.CountOf(shape.AsSpan()) * type.Bits());
        }
        catch (OverflowException e)
        {
            throw new StateDictException(_file, name, $"shape {StateTensor.Print(shape.AsSpan())} of {type} overflows the size of a file", e);
        }
        if (bits % 8 != 0)
            throw Error($"shape {StateTensor.Print(shape.AsSpan())} of {type} takes {bits} bits, which are no whole bytes");
        if (end - begin != bits / 8)
            throw Error($"shape {StateTensor.Print(shape.AsSpan())} of {type} takes {bits / 8} bytes " +
                $"but data_offsets [{begin}, {end}] hold {end - begin}");
        return new StateEntry(name, type, shape, begin, end);
    }

    private SafetensorsType ReadType()
    {
        Expect(JsonTokenType.String, "dtype");
        string text = _json.GetString()!;
        return SafetensorsTypes.TryParse(text, out var type) ? type : throw Error($"unknown dtype {StateDictException.Quote(text)}");
    }

    private ImmutableArray<long> ReadNumbers(string field, int most)
    {
        Expect(JsonTokenType.StartArray, field);
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            Expect(JsonTokenType.Number, $"an element of {field}");
            if (!_json.TryGetInt64(out long number) || number < 0)
                throw Error($"{field} must hold whole numbers from 0 to {long.MaxValue}");
            if (numbers.Count == most) throw Error($"{field} has more than {most} numbers");
            numbers.Add(number);
        }
        return numbers.ToImmutable();
    }

    private static void CheckCover(string file, List<StateEntry> entries, long dataBytes)
    {
        long covered = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin < covered)
                throw new StateDictException(file, entry.Name, $"data_offsets [{entry.Begin}, {entry.End}] overlap the tensor before, which ends at {covered}");
            if (entry.Begin > covered)
                throw new StateDictException(file, entry.Name, $"data_offsets [{entry.Begin}, {entry.End}] leave a gap after byte {covered}");
            if (entry.End > dataBytes)
                throw new StateDictException(file, entry.Name,
                    $"data_offsets [{entry.Begin}, {entry.End}] pass the end of the data, which has {dataBytes} bytes; the file may be truncated");
            covered = entry.End;
        }
        if (covered != dataBytes)
            throw new StateDictException(file, null, $"the tensors cover {covered} bytes but the data has {dataBytes}");
    }

    private readonly void Expect(JsonTokenType type, string what)
    {
        if (_json.TokenType != type) throw Error($"{what} must be a JSON {Word(type)}, not {_json.TokenType}");
    }

    private static string Word(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        _ => "number",
    };

    private readonly StateDictException Error(string problem) => new(_file, _tensor, problem);
}
