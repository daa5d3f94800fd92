/// The functions of usual extensions that lock nothing which others wait for. They are in whatever schema
/// the extension was put into.
enum ExtensionFunctions {
  /// Whether a function that nothing defines is taken to be one of an extension.
  static func contains(_ name: String) -> Bool {
    prefixes.contains(where: name.hasPrefix) || names.contains(name[...])
  }

  /// PostGIS, whose functions say so. Those that change tables (`addgeometrycolumn` and others) have
  /// other names.
  private static let prefixes = ["st_", "_st_", "postgis_"]

  private static let names = Set((contrib + " " + others).split(whereSeparator: \.isWhitespace))

  /// Of the extensions that come with PostgreSQL (manual, appendix F), without those that read tables:
  /// `dblink`, `crosstab`, `connectby`, `xpath_table`, `pgrowlocks`, `pgstattuple`.
  static let contrib = """
    akeys armor avals citext crypt cube cube_coord cube_coord_llur cube_dim cube_distance
    cube_enlarge cube_inter cube_is_point cube_ll_coord cube_subset cube_union cube_ur_coord
    dearmor decrypt decrypt_iv defined delete difference digest distance_chebyshev distance_taxicab
    dmetaphone dmetaphone_alt each earth earth_box earth_distance encrypt encrypt_iv exist
    exists_all exists_any fetchval gc_to_sec gen_random_bytes gen_random_uuid gen_salt geo_distance
    hmac hs_concat hs_contained hs_contains hstore hstore_to_array hstore_to_json
    hstore_to_json_loose hstore_to_jsonb hstore_to_jsonb_loose hstore_to_matrix icount idx index
    insert_username int_array_aggregate int_array_enum intarray_del_elem intarray_push_array
    intarray_push_elem intset intset_subtract intset_union_elem is_valid isbn isbn13 isdefined
    isexists ismn ismn13 isn_weak issn issn13 latitude lca levenshtein levenshtein_less_equal
    ll_to_earth longitude ltree2text ltree_addltree ltree_addtext ltree_isparent ltree_risparent
    ltree_textadd make_valid metaphone moddatetime nlevel normal_rand pgp_armor_headers pgp_key_id
    pgp_pub_decrypt pgp_pub_decrypt_bytea pgp_pub_encrypt pgp_pub_encrypt_bytea pgp_sym_decrypt
    pgp_sym_decrypt_bytea pgp_sym_encrypt pgp_sym_encrypt_bytea populate_record querytree sec_to_gc
    seg_center seg_inter seg_lower seg_size seg_union seg_upper set_limit show_limit show_trgm
    similarity similarity_dist skeys slice slice_array sort sort_asc sort_desc soundex ssl_cipher
    ssl_client_cert_present ssl_client_dn ssl_client_dn_field ssl_client_serial ssl_extension_info
    ssl_is_used ssl_issuer_dn ssl_issuer_field ssl_version strict_word_similarity subarray subltree
    subpath svals tconvert text2ltree text_soundex triggered_change_notification unaccent uniq upc
    uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil
    uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500 word_similarity xml_encode_special_chars
    xml_valid xpath_bool xpath_list xpath_nodeset xpath_number xpath_string xslt_process
    """

  /// PostGIS without prefix, and pgvector.
  private static let others = """
    box2d box3d geography geometry geometrytype
    binary_quantize cosine_distance hamming_distance inner_product jaccard_distance l1_distance
    l2_distance l2_normalize l2_norm subvector vector_dims vector_norm
    """
}
