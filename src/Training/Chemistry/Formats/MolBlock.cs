using System.Collections.Immutable;
using System.Numerics;

namespace GpuNets.Training;

/// <summary>The part of a record that describes the molecule, in fixed columns.</summary>
internal sealed class MolBlock
{
    private static readonly int[] _chargeCodes = [0, 3, 2, 1, 0, -1, -2, -3];

    private readonly MoleculeLines _lines;
    private readonly bool _isDrawing;
    private readonly MolAtom[] _atoms;
    private readonly Bond[] _bonds;
    private readonly int _firstAtom;
    private bool _replaced;

    /// <summary>Reads the block, to its <c>M  END</c>.</summary>
    /// <exception cref="MoleculeException">It is malformed; the message names the line.</exception>
    public MolBlock(MoleculeLines lines)
    {
        _lines = lines;
        Title = lines.Take("the title of a record").Trim();
        string program = lines.Take("the second line of a record");
        _isDrawing = Field(program, 20, 2) is "2D";
        lines.Take("the comment line of a record");
        string counts = lines.Take("the line of counts");
        if (counts.Contains("V3000", StringComparison.Ordinal)) throw lines.Error("the record is in the V3000 format, only V2000 is read");
        int atoms = lines.Integer(Field(counts, 0, 3), "the number of atoms"), bonds = lines.Integer(Field(counts, 3, 3), "the number of bonds");
        if (atoms < 1 || bonds < 0) throw lines.Error($"{atoms} atoms and {bonds} bonds, expected at least 1 and 0");
        _firstAtom = lines.At + 1;
        _atoms = new MolAtom[atoms];
        for (int i = 0; i < atoms; i++) _atoms[i] = ReadAtom(lines.Take($"atom {i + 1} of {atoms}"));
        _bonds = new Bond[bonds];
        for (int b = 0; b < bonds; b++) _bonds[b] = ReadBond(lines.Take($"bond {b + 1} of {bonds}"));
        ReadProperties();
    }

    /// <summary>The first line.</summary>
    public string Title { get; }

    /// <summary>The molecule, with its implicit hydrogens.</summary>
    /// <exception cref="MoleculeException">An atom has a wrong valence (the message names its line), or bonds make no sense (it names none).</exception>
    public Molecule Build()
    {
        int[] sums = new int[_atoms.Length], degrees = new int[_atoms.Length];
        bool[] aromatic = new bool[_atoms.Length];
        foreach (var (first, second, kind) in _bonds)
        {
            foreach (int atom in (int[])[first, second])
            {
                sums[atom] += kind == BondKind.Aromatic ? 1 : (int)kind;
                aromatic[atom] |= kind == BondKind.Aromatic;
                degrees[atom]++;
            }
        }
        bool located = !_isDrawing && (_atoms.Length == 1 || Array.Exists(_atoms, atom => atom.Position != _atoms[0].Position));
        var built = ImmutableArray.CreateBuilder<Atom>(_atoms.Length);
        for (int i = 0; i < _atoms.Length; i++)
        {
            var atom = _atoms[i];
            int hydrogens = ImplicitHydrogens(atom, sums[i], aromatic[i]);
            var whole = new Atom(atom.Element)
            {
                FormalCharge = atom.Charge,
                Isotope = atom.Isotope,
                IsAromatic = aromatic[i],
                ImplicitHydrogens = hydrogens,
                Position = located ? atom.Position : null,
            };
            if (Valence.Problem(whole, sums[i] + hydrogens, degrees[i] + hydrogens) is { } problem) throw _lines.ErrorAt(_firstAtom + i, $"atom {i + 1}: {problem}");
            built.Add(whole);
        }
        return new Molecule(built.MoveToImmutable(), [.. _bonds], Title);
    }

    private static int ImplicitHydrogens(MolAtom atom, int bonds, bool aromatic)
    {
        // 15 says: no bonds at all.
        if (atom.Valence is > 0 and <= 15) return Math.Max(0, (atom.Valence == 15 ? 0 : atom.Valence) - bonds - (aromatic ? 1 : 0));
        var valences = Valence.Of(atom.Element, atom.Charge);
        if (valences.IsEmpty || atom.Element.Number == 1) return 0;
        if (aromatic) return Math.Max(0, valences[0] - bonds - 1 - atom.Unpaired);
        return Math.Max(0, Valence.For(valences, bonds) - bonds - atom.Unpaired);
    }

    private MolAtom ReadAtom(string line)
    {
        double x = _lines.Number(Field(line, 0, 10), "x"), y = _lines.Number(Field(line, 10, 10), "y"), z = _lines.Number(Field(line, 20, 10), "z");
        string symbol = Field(line, 31, 3).Trim().ToString();
        int isotope = 0;
        if (symbol is "D" or "T") (symbol, isotope) = ("H", symbol == "D" ? 2 : 3);
        if (symbol is "A" or "Q" or "*" or "L" or "R" or "R#" or "LP") throw _lines.Error($"atom '{symbol}' is a query or a placeholder, expected an element");
        var element = _lines.ElementOf(symbol);
        // A difference from the usual mass is of no use without a table of masses; M  ISO gives the number itself.
        int code = _lines.Integer(Field(line, 36, 3), "the charge code", blank: 0), valence = _lines.Integer(Field(line, 48, 3), "the valence", blank: 0);
        if (code < 0 || code >= _chargeCodes.Length) throw _lines.Error($"the charge code is {code}, expected 0 to 7");
        if (valence is < 0 or > 15) throw _lines.Error($"the valence is {valence}, expected 0 to 15");
        return new MolAtom(element, Position(x, y, z)) { Charge = _chargeCodes[code], Isotope = isotope, Unpaired = code == 4 ? 1 : 0, Valence = valence };
    }

    private Vector3 Position(double x, double y, double z)
    {
        if (Math.Max(Math.Abs(x), Math.Max(Math.Abs(y), Math.Abs(z))) > Molecule.FarthestCoordinate)
            throw _lines.Error($"the atom lies at ({x}, {y}, {z}), expected coordinates within {Molecule.FarthestCoordinate} Angstrom");
        return new Vector3((float)x, (float)y, (float)z);
    }

    private Bond ReadBond(string line)
    {
        int first = _lines.Integer(Field(line, 0, 3), "the first atom of the bond"), second = _lines.Integer(Field(line, 3, 3), "the second atom of the bond");
        int kind = _lines.Integer(Field(line, 6, 3), "the kind of the bond");
        if (first < 1 || second < 1 || first > _atoms.Length || second > _atoms.Length)
            throw _lines.Error($"the bond joins atoms {first} and {second}, but there are {_atoms.Length} atoms");
        if (first == second) throw _lines.Error($"the bond joins atom {first} to itself");
        if (kind is < 1 or > 4) throw _lines.Error($"the kind of the bond is {kind}, expected 1 to 4 (queries and dative bonds are not read)");
        return new Bond(first - 1, second - 1, (BondKind)kind);
    }

    private void ReadProperties()
    {
        while (true)
        {
            string line = _lines.Take("'M  END'");
            if (line.StartsWith("M  END", StringComparison.Ordinal)) return;
            if (line.StartsWith("$$$$", StringComparison.Ordinal)) throw _lines.Error("the record ends before 'M  END'");
            if (line.StartsWith("M  ", StringComparison.Ordinal)) ReadProperty(line);
            // Atom aliases and group abbreviations have a line of text after them.
            else if (line.StartsWith("A  ", StringComparison.Ordinal) || line.StartsWith("G  ", StringComparison.Ordinal)) _lines.Take("the text of a label");
        }
    }

    private void ReadProperty(string line)
    {
        string kind = Field(line, 3, 3).ToString();
        if (kind is not ("CHG" or "RAD" or "ISO")) return;
        int count = _lines.Integer(Field(line, 6, 3), $"the number of entries of M  {kind}");
        if (count is < 1 or > 8) throw _lines.Error($"M  {kind} has {count} entries, expected 1 to 8");
        if (kind != "ISO" && !_replaced)
        {
            // Charges and radicals here stand in place of all those in the atom lines.
            _replaced = true;
            for (int i = 0; i < _atoms.Length; i++) _atoms[i] = _atoms[i] with { Charge = 0, Unpaired = 0 };
        }
        for (int k = 0; k < count; k++)
        {
            int atom = _lines.Integer(Field(line, 9 + 8 * k, 4), $"atom {k + 1} of M  {kind}");
            int value = _lines.Integer(Field(line, 13 + 8 * k, 4), $"value {k + 1} of M  {kind}");
            if (atom < 1 || atom > _atoms.Length) throw _lines.Error($"M  {kind} names atom {atom}, but there are {_atoms.Length} atoms");
            int most = kind switch { "CHG" => 15, "RAD" => 3, _ => 999 };
            if (value > most || value < (kind == "CHG" ? -most : 0))
                throw _lines.Error($"M  {kind} gives atom {atom} the value {value}, at most {most} is possible");
            _atoms[atom - 1] = kind switch
            {
                "CHG" => _atoms[atom - 1] with { Charge = value },
                "RAD" => _atoms[atom - 1] with { Unpaired = value == 2 ? 1 : value == 0 ? 0 : 2 },
                _ => _atoms[atom - 1] with { Isotope = value },
            };
        }
    }

    private static ReadOnlySpan<char> Field(string line, int start, int length) =>
        start >= line.Length ? [] : line.AsSpan(start, Math.Min(length, line.Length - start));

    private readonly record struct MolAtom(Element Element, Vector3 Position)
    {
        public int Charge { get; init; }

        public int Isotope { get; init; }

        public int Unpaired { get; init; }

        public int Valence { get; init; }
    }
}
