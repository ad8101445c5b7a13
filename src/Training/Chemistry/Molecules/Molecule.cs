using System.Collections.Immutable;
using System.Text;

namespace GpuNets.Training;

/// <summary>
/// A molecule: atoms and bonds, with or without coordinates. It may consist of several parts, of one atom, or have no bonds. Immutable.
/// </summary>
public sealed partial class Molecule
{
    /// <summary>Largest absolute coordinate in Angstrom.</summary>
    internal const float FarthestCoordinate = 1e6f;

    private const int MostHydrogens = 20;

    private readonly int[] _starts;
    private readonly int[] _bondsOf;
    private int[]? _orders;

    /// <summary>A molecule of atoms and bonds.</summary>
    /// <param name="atoms">The atoms: all with a position, or none.</param>
    /// <param name="bonds">The bonds, each pair of atoms at most once.</param>
    /// <param name="name">What it is called in messages; may be empty.</param>
    /// <exception cref="MoleculeException">
    /// No atoms, a bond to an atom that does not exist or to itself, a pair bonded twice, a coordinate that is no finite number or beyond 1,000,000
    /// Angstrom, coordinates for some atoms only, or a number of hydrogens that is negative or beyond 20.
    /// </exception>
    public Molecule(ImmutableArray<Atom> atoms, ImmutableArray<Bond> bonds, string name = "")
    {
        ArgumentNullException.ThrowIfNull(name);
        (Atoms, Bonds, Name) = (atoms.IsDefault ? [] : atoms, bonds.IsDefault ? [] : bonds, name);
        CheckAtoms();
        _starts = new int[Atoms.Length + 1];
        CheckBonds();
        for (int i = 0; i < Atoms.Length; i++) _starts[i + 1] += _starts[i];
        _bondsOf = new int[2 * Bonds.Length];
        int[] next = _starts[..^1];
        for (int b = 0; b < Bonds.Length; b++)
        {
            _bondsOf[next[Bonds[b].First]++] = b;
            _bondsOf[next[Bonds[b].Second]++] = b;
        }
        CheckPairs();
    }

    /// <summary>What it is called in messages; may be empty.</summary>
    public string Name { get; }

    /// <summary>The atoms.</summary>
    public ImmutableArray<Atom> Atoms { get; }

    /// <summary>The bonds.</summary>
    public ImmutableArray<Bond> Bonds { get; }

    /// <summary>True if the atoms have positions.</summary>
    public bool HasPositions => Atoms[0].Position is not null;

    /// <summary>Charge of the whole.</summary>
    public int Charge => Atoms.Sum(atom => atom.FormalCharge);

    /// <summary>Molecular formula in Hill's order, implicit hydrogens counted: <c>C2H6O</c>; charge at the end, <c>H4N+</c>, <c>O4S-2</c>.</summary>
    public string Formula
    {
        get
        {
            var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
            void Add(string symbol, int count)
            {
                if (count > 0) counts[symbol] = counts.GetValueOrDefault(symbol) + count;
            }
            foreach (var atom in Atoms)
            {
                Add(atom.Element.Symbol, 1);
                Add("H", atom.ImplicitHydrogens);
            }
            var text = new StringBuilder();
            void Take(string symbol)
            {
                if (counts.Remove(symbol, out int count)) text.Append(symbol).Append(count > 1 ? $"{count}" : "");
            }
            if (counts.ContainsKey("C"))
            {
                Take("C");
                Take("H");
            }
            foreach (string symbol in counts.Keys.ToList()) Take(symbol);
            int charge = Charge;
            if (charge != 0) text.Append(charge > 0 ? '+' : '-').Append(Math.Abs(charge) > 1 ? $"{Math.Abs(charge)}" : "");
            return text.ToString();
        }
    }

    /// <summary>Bond orders (1 to 3) of a Kekule structure, in the order of the bonds.</summary>
    /// <exception cref="MoleculeException">The aromatic bonds have no Kekule structure, or an atom has more bonds than its valence allows.</exception>
    internal int[] KekuleOrders => _orders ??= KekuleStructure.OrdersOf(this);

    /// <summary>Numbers of the bonds of an atom.</summary>
    /// <param name="atom">Its number.</param>
    public ReadOnlySpan<int> BondsOf(int atom) => _bondsOf.AsSpan(_starts[atom].._starts[atom + 1]);

    /// <summary>Bonded atoms that are atoms of the molecule.</summary>
    /// <param name="atom">Its number.</param>
    public int Degree(int atom) => _starts[atom + 1] - _starts[atom];

    /// <summary>Hydrogens bonded to an atom, implicit ones and atoms.</summary>
    /// <param name="atom">Its number.</param>
    public int HydrogensOf(int atom)
    {
        int count = Atoms[atom].ImplicitHydrogens;
        foreach (int b in BondsOf(atom))
            if (Atoms[Bonds[b].Other(atom)].Element.Number == 1) count++;
        return count;
    }

    /// <summary>The kind of the bond between two atoms; null if they are not bonded.</summary>
    /// <param name="first">Number of an atom.</param>
    /// <param name="second">Number of another.</param>
    public BondKind? BondBetween(int first, int second)
    {
        foreach (int b in BondsOf(first))
            if (Bonds[b].Other(first) == second) return Bonds[b].Kind;
        return null;
    }

    /// <summary>The same molecule under another name.</summary>
    /// <param name="name">The name.</param>
    public Molecule Named(string name) => new(Atoms, Bonds, name);

    /// <inheritdoc/>
    public override string ToString() => $"{(Name.Length == 0 ? "" : Name + " ")}{Formula}";

    internal MoleculeException Error(string problem) => new(null, null, Name.Length == 0 ? problem : $"{Name}: {problem}");

    // Not so for NaN.
    private static bool IsNear(float coordinate) => Math.Abs(coordinate) <= FarthestCoordinate;

    private void CheckAtoms()
    {
        if (Atoms.IsEmpty) throw Error("a molecule needs at least 1 atom");
        for (int i = 0; i < Atoms.Length; i++)
        {
            var atom = Atoms[i];
            if (atom.ImplicitHydrogens is < 0 or > MostHydrogens) throw Error($"atom {i + 1} ({atom.Element}) has {atom.ImplicitHydrogens} implicit hydrogens, expected 0 to {MostHydrogens}");
            if (atom.Position.HasValue != HasPositions)
                throw Error($"atom {i + 1} ({atom.Element}) has {(HasPositions ? "no" : "a")} position, unlike atom 1; all have one or none");
            if (atom.Position is { } p && !(IsNear(p.X) && IsNear(p.Y) && IsNear(p.Z)))
                throw Error($"atom {i + 1} ({atom.Element}) lies at ({p.X}, {p.Y}, {p.Z}), expected finite coordinates within {FarthestCoordinate} Angstrom");
            if (atom.PartialCharge is { } q && !float.IsFinite(q))
                throw Error($"atom {i + 1} ({atom.Element}) has a partial charge of {q}, expected a finite number");
        }
    }

    private void CheckBonds()
    {
        for (int b = 0; b < Bonds.Length; b++)
        {
            var (first, second, kind) = Bonds[b];
            if ((uint)first >= (uint)Atoms.Length || (uint)second >= (uint)Atoms.Length)
                throw Error($"bond {b + 1} joins atoms {first + 1} and {second + 1}, but there are {Atoms.Length} atoms");
            if (first == second) throw Error($"bond {b + 1} joins atom {first + 1} to itself");
            if (kind is < BondKind.Single or > BondKind.Aromatic) throw Error($"bond {b + 1} is of the unknown kind {(int)kind}");
            _starts[first + 1]++;
            _starts[second + 1]++;
        }
    }

    private void CheckPairs()
    {
        int[] seen = new int[Atoms.Length];
        for (int i = 0; i < Atoms.Length; i++)
        {
            foreach (int b in BondsOf(i))
            {
                int other = Bonds[b].Other(i);
                if (seen[other] == i + 1) throw Error($"atoms {Math.Min(i, other) + 1} and {Math.Max(i, other) + 1} are bonded twice");
                seen[other] = i + 1;
            }
        }
    }
}
